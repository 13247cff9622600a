// Moves messages between async iterables and gRPC streams, at the pace of the slower side.
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

/** Writes every item; waits whenever the stream's buffer is full. Ends early, silently, when the signal aborts. */
export async function pump<T>(source: AsyncIterable<T>, sink: Writable, signal: AbortSignal): Promise<void> {
  for await (const item of source) {
    if (signal.aborted) return;
    if (!sink.write(item)) await drained(sink, signal);
  }
}

/**
 * Writes each item when the one before has left, and only if `mayWrite` says so at that very moment: what waits here can
 * still be held back, what waits in a stream cannot. Ends at the first refusal, or when the signal aborts.
 */
export async function pumpOneByOne<T>(
  source: AsyncIterable<T>,
  sink: Writable,
  signal: AbortSignal,
  mayWrite: (item: T) => boolean,
): Promise<void> {
  for await (const item of source) {
    if (signal.aborted || !mayWrite(item)) return;
    await written(item, sink, signal);
  }
}

/** A failure to write shows as the error of the stream. */
function written(item: unknown, sink: Writable, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      signal.removeEventListener('abort', done);
      resolve();
    };
    signal.addEventListener('abort', done);
    sink.write(item, done);
  });
}

async function drained(sink: Writable, signal: AbortSignal): Promise<void> {
  try {
    await once(sink, 'drain', { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** The messages of a stream. Ends when the stream ends or the signal aborts; throws what `explain` makes of its error. */
export async function* messagesOf<T>(
  stream: Readable,
  signal: AbortSignal,
  explain: (error: unknown) => Error,
): AsyncGenerator<T> {
  try {
    // A reader that leaves early must not take the writing half with it.
    for await (const message of stream.iterator({ destroyOnReturn: false })) yield message as T;
  } catch (error) {
    if (!signal.aborted) throw explain(error);
  }
}
