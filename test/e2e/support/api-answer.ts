// One request to an API server and its answer, headers included, as no Kubernetes client shows them.
import { createHttpHandler, type HttpTarget } from '../../../src/client/http-handler.ts';
import { loadConnection } from '../../../src/client/kubeconfig.ts';
import { readAll } from '../../../src/client/streams.ts';

export interface Question {
  /** Default GET. */
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Default 30 s. */
  readonly limitMs?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly text: string;
}

export const connectionOf = (kubeconfig: string): HttpTarget =>
  loadConnection({ file: kubeconfig, env: {}, home: '/' });

/** Over a connection of its own. Rejects when there is no answer. */
export async function ask(target: HttpTarget, question: Question): Promise<Answer> {
  const { method = 'GET', path, headers = {}, body, limitMs = 30_000 } = question;
  const connection = createHttpHandler(target);
  try {
    const response = await connection.handle({
      ...{ method, path, query: new URLSearchParams() },
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      body: body === undefined ? new Uint8Array() : Buffer.from(JSON.stringify(body)),
      signal: AbortSignal.timeout(limitMs),
    });
    const text = Buffer.from(await readAll(response.body)).toString('utf8');
    return { status: response.status, headers: response.headers, text };
  } finally {
    connection.close();
  }
}
