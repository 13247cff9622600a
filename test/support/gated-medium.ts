// A medium in memory whose appends wait until they are let through: what happens meanwhile can be looked at.
import type { Medium } from '../../src/store/medium.ts';
import { createMemoryMedium, type MemoryStorage } from '../../src/store/media/memory.ts';

export interface GatedMedium extends Medium {
  /** Number of entries of each append so far, waiting or not. */
  readonly appends: readonly number[];
  /** Lets the oldest append that waits through, or the next one to come; resolves when it is durable. */
  release(): Promise<void>;
  /** The same, but the append fails. */
  fail(error: Error): void;
}

export function createGatedMedium(storage?: MemoryStorage, depth = 1): GatedMedium {
  const medium = createMemoryMedium(storage, undefined, depth);
  const appends: number[] = [];
  const gates: ((error?: Error) => Promise<void>)[] = [];
  const wanted: ((gate: (error?: Error) => Promise<void>) => void)[] = [];

  const gate = () =>
    new Promise<(error?: Error) => Promise<void>>((resolve) => {
      const found = gates.shift();
      if (found) resolve(found);
      else wanted.push(resolve);
    });

  return {
    ...medium,
    appends,
    append(epoch, entries) {
      appends.push(entries.length);
      return new Promise((resolve, reject) => {
        const pass = async (error?: Error) => {
          if (error) {
            reject(error);
            return;
          }
          await medium.append(epoch, entries);
          resolve();
        };
        const waiting = wanted.shift();
        if (waiting) waiting(pass);
        else gates.push(pass);
      });
    },
    release: async () => (await gate())(),
    fail: (error) => void gate().then((pass) => pass(error)),
  };
}
