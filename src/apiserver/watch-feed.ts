// The store's changes as a stream that also ends in time and tells when nothing happened.
import type { Clock } from '../lib/clock.ts';
import type { Store, StoreEvent, WatchQuery } from '../store/store.ts';

export type FeedStep =
  | { readonly kind: 'events'; readonly events: readonly StoreEvent[] }
  /** No change up to `revision` is missing. */
  | { readonly kind: 'quiet'; readonly revision: number };

export interface FeedLimits {
  readonly timeoutMs: number;
  /** How often to say that nothing is missing; undefined: never. */
  readonly tickMs: number | undefined;
}

/** Starts at once, not at the first read, so that the history cannot pass by meanwhile. Ends when `signal` aborts. */
export function followChanges(
  store: Store,
  clock: Clock,
  query: WatchQuery,
  signal: AbortSignal,
  limits: FeedLimits,
): AsyncIterable<FeedStep> {
  const controller = new AbortController();
  const stop = () => controller.abort();
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  const iterator = store.watch(query, controller.signal)[Symbol.asyncIterator]();
  const first = iterator.next();
  // The first read may fail before anybody waits for it.
  first.catch(() => undefined);
  const release = () => {
    signal.removeEventListener('abort', stop);
    stop();
  };
  return feed(store, clock, iterator, first, limits, controller.signal, release);
}

async function* feed(
  store: Store,
  clock: Clock,
  iterator: AsyncIterator<readonly StoreEvent[]>,
  first: Promise<IteratorResult<readonly StoreEvent[]>>,
  limits: FeedLimits,
  ended: AbortSignal,
  release: () => void,
): AsyncGenerator<FeedStep> {
  const alarm = createAlarm(clock, limits, ended);
  const progress = createProgress(store);
  try {
    let pending = first;
    for (;;) {
      const outcome = await alarm.race(pending);
      if (outcome === 'end') return;
      if (outcome === 'tick') {
        yield* progress.tick();
        continue;
      }
      if (outcome.done) return;
      yield { kind: 'events', events: outcome.value };
      progress.saw(outcome.value.at(-1)?.revision ?? 0);
      pending = iterator.next();
    }
  } finally {
    alarm.cancel();
    release();
    await iterator.return?.();
  }
}

interface Progress {
  /** Nothing, or how far this watcher is known to have seen everything. */
  tick(): FeedStep[];
  saw(revision: number): void;
}

/** What was current a tick ago has reached the watcher by now, or the watcher has been cut off. */
function createProgress(store: Store): Progress {
  let settled = store.revision;
  let told = settled;
  return {
    tick() {
      const news: FeedStep[] = settled > told ? [{ kind: 'quiet', revision: settled }] : [];
      told = settled;
      settled = Math.max(settled, store.revision);
      return news;
    },
    saw(revision) {
      settled = Math.max(settled, revision);
    },
  };
}

interface Alarm {
  /** The value of `pending`, or what rang first. A pending value has precedence over a tick. */
  race<T>(pending: Promise<T>): Promise<T | 'tick' | 'end'>;
  cancel(): void;
}

function createAlarm(clock: Clock, limits: FeedLimits, ended: AbortSignal): Alarm {
  let rung: 'tick' | 'end' | undefined;
  let wake: ((what: 'tick' | 'end') => void) | undefined;
  const ring = (what: 'tick' | 'end') => {
    if (rung !== 'end') rung = what;
    wake?.(rung);
  };
  const schedule = (tickMs: number) =>
    clock.after(tickMs, () => {
      ring('tick');
      if (rung !== 'end') ticker = schedule(tickMs);
    });
  let ticker = limits.tickMs === undefined ? undefined : schedule(limits.tickMs);
  const deadline = clock.after(limits.timeoutMs, () => ring('end'));
  const onEnded = () => ring('end');
  if (ended.aborted) onEnded();
  ended.addEventListener('abort', onEnded, { once: true });
  return {
    race: async (pending) => {
      const bell = new Promise<'tick' | 'end'>((resolve) => (wake = resolve));
      if (rung) wake?.(rung);
      try {
        const outcome = await Promise.race([pending, bell]);
        return outcome;
      } finally {
        if (rung === 'tick') rung = undefined;
        wake = undefined;
      }
    },
    cancel() {
      ended.removeEventListener('abort', onEnded);
      deadline.cancel();
      ticker?.cancel();
    },
  };
}
