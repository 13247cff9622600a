// What callers are told when a write cannot be done, or cannot be known to be done.
import { StatusError } from '../api/status-error.ts';

export interface Refusals {
  /** 503, to be repeated after a second: nothing came of it. */
  readonly nothingKept: StatusError;
  /**
   * 504 without `Retry-After`: clients repeat by themselves what answers with one, and a write that may have been done
   * must be looked at first.
   */
  readonly notKnown: StatusError;
}

const retryAfterSeconds = 1;

/** @param cause why nothing is written any more: an error, or words */
export function createRefusals(cause: unknown): Refusals {
  const why = cause instanceof Error ? cause.message : String(cause);
  return {
    nothingKept: nothingKept(why, { cause }),
    notKnown: new StatusError(
      'Timeout',
      `whether this write was kept is not known, so read before you write again: ${why}`,
      undefined,
      { cause },
    ),
  };
}

/** The answer while nothing can be written. */
export function nothingKept(why: string, options?: ErrorOptions): StatusError {
  const message = `nothing of this write was kept, so it can be repeated: ${why}`;
  return new StatusError('ServiceUnavailable', message, { retryAfterSeconds }, options);
}
