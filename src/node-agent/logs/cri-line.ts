// The CRI log format, as conmon and kubelet know it: `2006-01-02T15:04:05.999999999Z stdout F text`. Pure.

export interface CriLine {
  /** As written, nanoseconds included. */
  readonly time: string;
  readonly stream: 'stdout' | 'stderr';
  /** False: the program's line goes on in the next entry of the same stream. */
  readonly isFull: boolean;
  readonly text: Buffer;
}

const space = 0x20;
const letterF = 0x46;

/** @param bytes one entry without its newline. Undefined when it is not one: a torn write after a crash. */
export function parseCriLine(bytes: Buffer): CriLine | undefined {
  const first = bytes.indexOf(space);
  const second = bytes.indexOf(space, first + 1);
  if (first < 0 || second < 0) return undefined;
  const stream = bytes.toString('latin1', first + 1, second);
  if (stream !== 'stdout' && stream !== 'stderr') return undefined;
  const third = bytes.indexOf(space, second + 1);
  return {
    time: bytes.toString('latin1', 0, first),
    stream,
    isFull: bytes[second + 1] === letterF,
    text: third < 0 ? Buffer.alloc(0) : bytes.subarray(third + 1),
  };
}
