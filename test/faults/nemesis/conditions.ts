// Waiting for what must become true, with a bound and with words for what is still missing.
import { setTimeout as wait } from 'node:timers/promises';

const lookEveryMs = 200;

/**
 * Resolves, with the milliseconds that it took, when `missing` finds nothing any more.
 * Rejects when that takes longer than `withinMs`, with what is missing.
 */
export async function until(missing: () => Promise<readonly string[]>, withinMs: number): Promise<number> {
  const startedMs = performance.now();
  for (;;) {
    const problems = await missing();
    const tookMs = performance.now() - startedMs;
    if (problems.length === 0) return tookMs;
    if (tookMs > withinMs) {
      throw new Error(`not well after ${(tookMs / 1000).toFixed(1)} s: ${problems.join('; ')}`);
    }
    await wait(lookEveryMs);
  }
}
