// Following a log within one process: read, then wait to be told of the next append.
import type { Entry } from '../medium.ts';

/** What can be followed: media in one process share it. */
export interface Followed {
  /** Sequence of the last entry. */
  last: number;
  /** Called after every append. */
  readonly listeners: Set<() => void>;
}

export function announceAppend(followed: Followed): void {
  for (const listener of followed.listeners) listener();
}

/** @param read pages from a sequence to the present end */
export async function* followLog(
  followed: Followed,
  read: (from: number) => AsyncIterable<readonly Entry[]>,
  from: number,
  signal: AbortSignal,
): AsyncGenerator<readonly Entry[]> {
  let next = from;
  let wake: () => void = () => undefined;
  const listener = () => wake();
  followed.listeners.add(listener);
  signal.addEventListener('abort', listener, { once: true });
  try {
    while (!signal.aborted) {
      for await (const page of read(next)) {
        next = (page.at(-1)?.sequence ?? next) + 1;
        yield page;
      }
      if (followed.last < next && !isAborted(signal)) await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    followed.listeners.delete(listener);
    signal.removeEventListener('abort', listener);
  }
}

/** It can abort while a page is out, which the compiler does not see. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
