// Long work in slices, so that nothing holds the event loop.
import { setImmediate } from 'node:timers/promises';

const sliceMs = 5;
/** Large enough to be worth a write, small enough to be ready soon. */
const chunkBytes = 64 * 1024;

/** Returns a function that waits for the next turn of the event loop when this slice of work has lasted too long. */
export function createPacer(monotonicMs: () => number): () => Promise<void> | undefined {
  let startedMs = monotonicMs();
  return () => {
    if (monotonicMs() - startedMs < sliceMs) return undefined;
    return setImmediate().then(() => {
      startedMs = monotonicMs();
    });
  };
}

/** Joins pieces into chunks of about 64 KiB; works through `items` in slices. */
export async function* chunked<T>(
  items: Iterable<T>,
  encode: (item: T) => Iterable<Uint8Array>,
  pace: () => Promise<void> | undefined,
): AsyncGenerator<Uint8Array> {
  let pieces: Uint8Array[] = [];
  let size = 0;
  for (const item of items) {
    for (const piece of encode(item)) {
      pieces.push(piece);
      size += piece.length;
    }
    if (size >= chunkBytes) {
      yield Buffer.concat(pieces, size);
      pieces = [];
      size = 0;
    }
    const wait = pace();
    if (wait) await wait;
  }
  if (size > 0) yield Buffer.concat(pieces, size);
}
