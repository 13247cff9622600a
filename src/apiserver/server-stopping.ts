// Tells a request that is cut off because its client went from one that should still be answered before the server ends.

/** The reason with which the signals of all requests abort when the server stops. */
export class ServerStopping extends Error {
  constructor() {
    super('this server is stopping');
    this.name = 'ServerStopping';
  }
}

/** Aborts with `signal`, except when only the server stops: what is under way is then finished. */
export function untilClientGone(signal: AbortSignal): AbortSignal {
  const gone = new AbortController();
  const onAbort = () => {
    if (!(signal.reason instanceof ServerStopping)) gone.abort(signal.reason);
  };
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  return gone.signal;
}
