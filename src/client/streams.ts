// Reading response bodies: whole, or line by line as they arrive.
import type { ApiResponse } from '../api/request.ts';

/** All bytes of a body. */
export async function readAll(body: ApiResponse['body']): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body;
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The body of what goes on until its reader has enough: it ends, rather than throws, when `signal` aborts. */
export async function* untilAborted(body: ApiResponse['body'], signal: AbortSignal): AsyncGenerator<Uint8Array> {
  if (body instanceof Uint8Array) {
    yield body;
    return;
  }
  try {
    yield* body;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Text lines of a body, without their ends, each as soon as it is whole; a last line without an end counts. */
export async function* readLines(body: ApiResponse['body']): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let pending: string[] = [];
  for await (const chunk of body instanceof Uint8Array ? [body] : body) {
    const parts = decoder.decode(chunk, { stream: true }).split('\n');
    const last = parts.pop() ?? '';
    for (const part of parts) {
      const line = pending.length === 0 ? part : pending.join('') + part;
      pending = [];
      if (line !== '') yield line;
    }
    if (last !== '') pending.push(last);
  }
  const rest = pending.join('') + decoder.decode();
  if (rest !== '') yield rest;
}
