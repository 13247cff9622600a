// Reads lines and blocks of known length from a stream of chunks of any size.

export interface ByteReader {
  /** The next line without its end; undefined at the end of the stream. Throws LineTooLong. */
  line(limitBytes: number): Promise<Buffer | undefined>;
  /** The next bytes; fewer only at the end of the stream. */
  take(length: number): Promise<Buffer>;
}

export class LineTooLong extends Error {
  constructor(limitBytes: number) {
    super(`expected a line of at most ${limitBytes} bytes, found a longer one`);
    this.name = 'LineTooLong';
  }
}

const lineEnd = 10;

export function createByteReader(stream: AsyncIterable<Uint8Array>): ByteReader {
  const chunks = stream[Symbol.asyncIterator]();
  const waiting: Buffer[] = [];
  let length = 0;

  /** False at the end of the stream. */
  const fetch = async (): Promise<boolean> => {
    const next = await chunks.next();
    if (next.done === true) return false;
    waiting.push(Buffer.from(next.value.buffer, next.value.byteOffset, next.value.length));
    length += next.value.length;
    return true;
  };

  const take = (wanted: number): Buffer => {
    const all = waiting.length === 1 && waiting[0] ? waiting[0] : Buffer.concat(waiting);
    waiting.splice(0);
    if (all.length > wanted) waiting.push(all.subarray(wanted));
    length = Math.max(0, all.length - wanted);
    return all.subarray(0, wanted);
  };

  /** Offset of the next line's end in what waits; -1: it is not here yet. */
  const findLineEnd = (): number => {
    let before = 0;
    for (const chunk of waiting) {
      const at = chunk.indexOf(lineEnd);
      if (at >= 0) return before + at;
      before += chunk.length;
    }
    return -1;
  };

  return {
    async line(limitBytes) {
      let at = findLineEnd();
      while (at < 0 && length <= limitBytes && (await fetch())) at = findLineEnd();
      if (at > limitBytes || (at < 0 && length > limitBytes)) {
        throw new LineTooLong(limitBytes);
      }
      if (at < 0) return length === 0 ? undefined : take(length);
      return take(at + 1).subarray(0, at);
    },
    async take(wanted) {
      while (length < wanted && (await fetch()));
      return take(wanted);
    },
  };
}
