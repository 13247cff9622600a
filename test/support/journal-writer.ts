// A program for the fault test: writes through many callers as fast as it can, and says on standard output what was
// acknowledged. It ends only by being killed.
//
// Every transaction of a caller writes the same number into two objects, and creates or deletes a third one in turn:
// half a transaction would show.
import { writeSync } from 'node:fs';
import { openEmbeddedMedium } from '../../src/store/media/embedded.ts';
import { openStore, pod, podKey } from './store-objects.ts';

const [directory = '', seed = '0', callers = '16'] = process.argv.slice(2);

const medium = await openEmbeddedMedium({ directory, maxEntryBytes: 4096 });
// Small limits, so that snapshots and batches of several entries are always in the making.
const store = await openStore(medium, { snapshotFromBytes: 100_000 });

/** The same numbers for the same seed (mulberry32). */
function random(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function write(caller: number): Promise<never> {
  const next = random(Number(seed) * 1000 + caller);
  const written = store.get(podKey(`left-${caller}`))?.object()['note'];
  for (let turn = Number(written ?? 0) + 1; ; turn++) {
    const padding = { text: 'x'.repeat(Math.floor(next() ** 4 * 9000)) };
    await store.transact((draft) => {
      draft.put(podKey(`left-${caller}`), pod(`left-${caller}`, { note: `${turn}`, spec: padding }));
      if (turn % 2 === 1) draft.put(podKey(`odd-${caller}`), pod(`odd-${caller}`, { note: `${turn}` }));
      else draft.delete(podKey(`odd-${caller}`));
      draft.put(podKey(`right-${caller}`), pod(`right-${caller}`, { note: `${turn}` }));
    });
    writeSync(1, `${caller} ${turn}\n`);
  }
}

await Promise.all(Array.from({ length: Number(callers) }, (_, caller) => write(caller)));
