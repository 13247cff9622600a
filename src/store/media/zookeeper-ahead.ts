// Reading many znodes in order, several at a time, in bounded memory.
import type { Entry } from '../medium.ts';

/** Reads under way, or answered and not yet taken. */
const maxReads = 256;
/** The same in bytes, by the largest of the sizes seen of late. */
const windowBytes = 16 * 1024 * 1024;
const maxPage = 256;

interface Slot {
  readonly sequence: number;
  readonly bytes: Promise<Uint8Array | undefined>;
  ready: boolean;
}

/** An entry or piece, or that it is not there. */
export interface Found {
  readonly sequence: number;
  readonly bytes: Uint8Array | undefined;
}

/**
 * What is found from one number to another, both included, in pages: what has been answered, at least one.
 * @param largest in bytes
 */
export async function* readAhead(
  from: number,
  to: number,
  largest: number,
  read: (sequence: number) => Promise<Uint8Array | undefined>,
): AsyncGenerator<readonly Found[]> {
  const slots: Slot[] = [];
  let next = from;
  let expectedBytes = largest;

  const fill = () => {
    while (next <= to && slots.length < maxReads && (slots.length + 1) * expectedBytes <= windowBytes) {
      const bytes = read(next);
      const slot = { sequence: next++, bytes, ready: false };
      const answered = () => {
        slot.ready = true;
      };
      bytes.then(answered, answered);
      slots.push(slot);
    }
  };

  const take = async (slot: Slot): Promise<Found> => {
    const bytes = await slot.bytes;
    expectedBytes = Math.max(bytes?.length ?? 0, expectedBytes * 0.9, windowBytes / maxReads / 16);
    return { sequence: slot.sequence, bytes };
  };

  while (next <= to || slots.length > 0) {
    fill();
    const page: Found[] = [];
    do {
      const slot = slots.shift();
      if (slot) page.push(await take(slot));
    } while (slots[0]?.ready && page.length < maxPage);
    yield page;
  }
}

/** The entries of a page before the first that is missing. */
export function untilMissing(page: readonly Found[]): Entry[] {
  const entries: Entry[] = [];
  for (const { sequence, bytes } of page) {
    if (!bytes) break;
    entries.push({ sequence, bytes });
  }
  return entries;
}

/** The pages up to the first entry that is missing, without it. */
export async function* dense(pages: AsyncIterable<readonly Found[]>): AsyncGenerator<readonly Entry[]> {
  for await (const page of pages) {
    const entries = untilMissing(page);
    if (entries.length > 0) yield entries;
    if (entries.length < page.length) return;
  }
}
