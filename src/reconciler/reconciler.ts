// What a controller's author writes: a function from a key to the wish to be called again.

/** When to look at the key again even if nothing changes. Nothing: only when something changes. */
export interface Result {
  readonly requeueAfterMs?: number | undefined;
}

/**
 * Brings the world one step nearer to what is declared under `key`. It gets no event and no object: it reads what is
 * there now, so that missed, repeated and merged events do no harm. Never runs twice at once for one key.
 * Throws to be called again after a back-off, TerminalError when only a change of the object can help.
 */
export type Reconcile = (key: string, signal: AbortSignal) => Promise<Result | undefined>;

/** Trying again without a change is pointless. */
export class TerminalError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TerminalError';
  }
}
