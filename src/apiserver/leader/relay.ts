// The body of a handed-on answer on its way to the client.
import type { ApiResponse } from '../../api/request.ts';

const newline = 10;

/**
 * Passes chunks on as the reader takes them. A watch whose source is lost ends after a whole line, so that the client goes
 * on from there; every other body that is not whole throws, so that nobody takes it for whole.
 */
export async function* relay(body: ApiResponse['body'], isWatch: boolean): AsyncGenerator<Uint8Array, void, undefined> {
  if (body instanceof Uint8Array) {
    yield body;
    return;
  }
  let endsLine = true;
  try {
    for await (const chunk of body) {
      endsLine = chunk.length === 0 ? endsLine : chunk.at(-1) === newline;
      yield chunk;
    }
  } catch (error) {
    if (!isWatch || !endsLine) throw error;
    return;
  }
  if (isWatch && !endsLine) throw new Error('the watch ended in the middle of a line');
}
