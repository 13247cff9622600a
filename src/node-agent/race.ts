// Tries all addresses at the same time, each again and again at its own pace, until one succeeds.
import { backoffMs } from '../lib/backoff.ts';
import type { BackoffPolicy } from '../lib/backoff.ts';
import { sleep } from '../lib/clock.ts';
import type { Clock } from '../lib/clock.ts';

export interface RaceOptions<T> {
  readonly addresses: () => readonly string[];
  /** Called when there are new addresses: they join the race. Returns how to stop. */
  readonly onAddresses: (listener: () => void) => () => void;
  /** One try, given up when its signal aborts; that of a winner never does. */
  readonly attempt: (address: string, signal: AbortSignal) => Promise<T>;
  /** Throws to refuse what an attempt brought. Of several at once only one is taken: this is the moment that decides. */
  readonly take: (value: T, address: string) => void;
  /** Called for each failed try; true ends the race with this error. */
  readonly isHopeless: (error: unknown, address: string, failures: number) => boolean;
  readonly clock: Clock;
  /** A number in [0, 1): spreads those that lost the same server at the same time. */
  readonly random: () => number;
}

/** Between half and all of it is waited: 50 to 100 ms at first, doubling up to 5 s. */
const pace: BackoffPolicy = { initialMs: 100, factor: 2, maxMs: 5_000 };
/** Longer than a try to reach a server may take. */
const heldMs = 30_000;

/** Resolves with the first that succeeds, or undefined when `signal` aborts. Rejects when it is hopeless. */
export function race<T>(options: RaceOptions<T>, signal: AbortSignal): Promise<T | undefined> {
  const running = new Map<string, AbortController>();
  return new Promise((resolve, reject) => {
    let over = false;
    const finish = (settle: () => void, winner?: AbortController) => {
      if (over) return;
      over = true;
      stopListening();
      signal.removeEventListener('abort', onAbort);
      for (const racer of running.values()) if (racer !== winner) racer.abort();
      running.clear();
      settle();
    };
    const onAbort = () => finish(() => resolve(undefined));

    const tryOnce = async (address: string, own: AbortController, failures: number) => {
      try {
        const value = await options.attempt(address, own.signal);
        if (over) return true;
        options.take(value, address);
        finish(() => resolve(value), own);
        return true;
      } catch (error) {
        own.abort();
        if (over) return true;
        if (options.isHopeless(error, address, failures + 1)) finish(() => reject(asError(error)));
        return false;
      }
    };
    const run = async (address: string) => {
      for (let failures = 0; !isOver(); failures += 1) {
        const own = new AbortController();
        running.set(address, own);
        const startedMs = options.clock.monotonicMs();
        if (await tryOnce(address, own, failures)) return;
        // One that held for long and then broke is no hopeless case; one that was not even reached is.
        if (options.clock.monotonicMs() - startedMs > heldMs) failures = 0;
        const pause = new AbortController();
        running.set(address, pause);
        if (isOver()) return;
        const delayMs = backoffMs(pace, failures + 1) * (0.5 + options.random() / 2);
        await sleep(options.clock, delayMs, pause.signal).catch(() => undefined);
      }
    };
    const isOver = () => over;
    const startMissing = () => {
      for (const address of options.addresses()) if (!over && !running.has(address)) void run(address);
    };
    const stopListening = options.onAddresses(startMissing);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    else startMissing();
  });
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
