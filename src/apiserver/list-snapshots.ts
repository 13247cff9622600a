// What is left of lists that are read page by page, so that all pages show one revision. Only references are held.
import type { Clock } from '../lib/clock.ts';
import type { StoredObject } from '../store/store.ts';

export interface Snapshot {
  readonly revision: number;
  /** What the list was asked for: a token cannot be used for another one. */
  readonly query: string;
  readonly items: readonly StoredObject[];
}

export interface ListSnapshots {
  /** Keeps a snapshot and returns its name. The oldest ones give way. */
  keep(snapshot: Snapshot): string;
  find(id: string): Snapshot | undefined;
}

/** Kubernetes keeps old revisions for five minutes. */
const keptMs = 5 * 60_000;
const mostKept = 64;

export function createListSnapshots(clock: Clock): ListSnapshots {
  const kept = new Map<string, Snapshot>();
  let made = 0;
  // Names differ from start to start, so that a token from before a restart finds nothing rather than something else.
  const prefix = clock.now().toString(36);
  return {
    keep(snapshot) {
      const id = `${prefix}-${made++}`;
      kept.set(id, snapshot);
      const oldest = kept.keys().next().value;
      if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
      clock.after(keptMs, () => kept.delete(id));
      return id;
    },
    find: (id) => kept.get(id),
  };
}
