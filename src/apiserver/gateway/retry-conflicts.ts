// Optimistic writes: a lost race is run again on the fresh object, a few times.
import { StatusError } from '../../api/status-error.ts';

const mostAttempts = 8;

/** @param attempt called with true when what it knew was stale */
export async function retryConflicts<T>(attempt: (stale: boolean) => Promise<T>): Promise<T> {
  for (let count = 1; ; count += 1) {
    try {
      return await attempt(count > 1);
    } catch (error) {
      if (!isReason(error, 'Conflict') || count >= mostAttempts) throw error;
    }
  }
}

export function isReason(error: unknown, reason: StatusError['reason']): boolean {
  return error instanceof StatusError && error.reason === reason;
}
