// What the session's thread tells others without a message: until when it is certain that the session lives.
// Law: of a session that is not the newest, no time is shown that belongs to a newer one.

export interface LeaseWriter {
  /** @param safeUntilMs on the monotonic clock that all threads of the process share (sharedMonotonicMs) */
  extend(session: number, safeUntilMs: number): void;
  /** Nothing is certain any more. Before another session begins. */
  end(): void;
}

const slots = { until: 0, session: 1 };
const unknown = 0n;

export function createLeaseMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(2 * BigInt64Array.BYTES_PER_ELEMENT);
}

export function createLeaseWriter(memory: SharedArrayBuffer): LeaseWriter {
  const words = new BigInt64Array(memory);
  return {
    extend(session, safeUntilMs) {
      // The order matters to readLease.
      if (Atomics.load(words, slots.session) !== BigInt(session)) {
        Atomics.store(words, slots.until, unknown);
        Atomics.store(words, slots.session, BigInt(session));
      }
      Atomics.store(words, slots.until, BigInt(Math.floor(safeUntilMs * 1000)));
    },
    end() {
      Atomics.store(words, slots.until, unknown);
    },
  };
}

/** Milliseconds on the shared clock; minus infinity when nothing is certain, or a newer session has begun. */
export function readLease(memory: SharedArrayBuffer, session: number): number {
  const words = new BigInt64Array(memory);
  // The time before the session: if the session is still the one that was asked for, the time was its own.
  const until = Atomics.load(words, slots.until);
  if (until === unknown || Atomics.load(words, slots.session) !== BigInt(session)) return -Infinity;
  return Number(until) / 1000;
}

/** Milliseconds on a monotonic clock that is the same in every thread; `performance.now` begins anew in each. */
export function sharedMonotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
