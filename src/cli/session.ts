// One run of a command: the connection that the kubeconfig names, and where to print.
import { homedir } from 'node:os';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiResponse, Handler } from '../api/request.ts';
import { StatusError, type Status } from '../api/status-error.ts';
import type { Client } from '../client/client.ts';
import { createHandlerClient, type LogReader } from '../client/handler-client.ts';
import { createHttpHandler } from '../client/http-handler.ts';
import { loadConnection } from '../client/kubeconfig.ts';
import { readAll, readLines, untilAborted } from '../client/streams.ts';

/** Options that every command understands. */
export interface GlobalOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
}

export interface JsonCall {
  readonly method?: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly accept?: string;
  readonly contentType?: string;
  readonly body?: string;
}

export interface Session {
  readonly client: Client & LogReader;
  /** Namespace of `--namespace`, else of the context. */
  readonly namespace: string;
  /** What `--namespace` said. */
  readonly asked: string | undefined;
  readonly signal: AbortSignal;
  /** One call, its JSON answer. Rejects with StatusError; prints the server's warnings. */
  json<T>(call: JsonCall): Promise<T>;
  /** The lines of an answer as they come, such as the events of a watch. Ends quietly when the signal aborts. */
  lines(call: JsonCall): AsyncIterable<string>;
  /** The bytes of an answer as they come. Rejects with StatusError when it is refused or its connection breaks. */
  bytes(call: JsonCall): AsyncIterable<Uint8Array>;
  print(text: string): void;
  complain(text: string): void;
  close(): void;
}

const userAgent = 'tepui';
const decoder = new TextDecoder();

/** `--kubeconfig`, KUBECONFIG, ~/.kube/config as kubectl has it; failing those, the one that `tepui dev` wrote. */
function kubeconfigFile(options: GlobalOptions): string | undefined {
  const home = homedir();
  if (options.kubeconfig !== undefined) return options.kubeconfig;
  if (process.env['KUBECONFIG'] || existsSync(join(home, '.kube/config'))) return undefined;
  const own = join(process.env['TEPUI_HOME'] ?? join(home, '.tepui'), 'kubeconfig');
  return existsSync(own) ? own : undefined;
}

/** Resolves the kubeconfig. Throws StatusError that says which file lacks what. */
export function openSession(options: GlobalOptions): Session {
  const file = kubeconfigFile(options);
  const connection = loadConnection({
    env: process.env,
    home: homedir(),
    ...(file === undefined ? {} : { file }),
    ...(options.context === undefined ? {} : { context: options.context }),
  });
  const http = createHttpHandler(connection);
  const abort = new AbortController();
  process.once('SIGINT', () => abort.abort());
  const session: Session = {
    client: createHandlerClient(http.handle, userAgent),
    namespace: options.namespace ?? connection.namespace,
    asked: options.namespace,
    signal: abort.signal,
    async json<T>(call: JsonCall) {
      return JSON.parse(decoder.decode(await readAll((await send(http.handle, call, session)).body))) as T;
    },
    async *lines(call) {
      yield* readLines(untilAborted((await send(http.handle, call, session)).body, session.signal));
    },
    async *bytes(call) {
      const { body } = await send(http.handle, call, session);
      if (body instanceof Uint8Array) yield body;
      else yield* body;
    },
    print: (text) => void process.stdout.write(`${text}\n`),
    complain: (text) => void process.stderr.write(`${text}\n`),
    close: () => http.close(),
  };
  return session;
}

/** One call. Throws StatusError when it is refused; prints the server's warnings. */
async function send(handle: Handler, call: JsonCall, session: Session): Promise<ApiResponse> {
  const response = await handle({
    method: call.method ?? 'GET',
    path: call.path,
    query: new URLSearchParams(call.query ?? {}),
    headers: {
      accept: call.accept ?? 'application/json',
      'user-agent': userAgent,
      ...(call.body === undefined ? {} : { 'content-type': call.contentType ?? 'application/json' }),
    },
    body: new TextEncoder().encode(call.body ?? ''),
    signal: session.signal,
  });
  for (const warning of warningsOf(response)) session.complain(`Warning: ${warning}`);
  if (response.status < 400) return response;
  const text = decoder.decode(await readAll(response.body));
  throw StatusError.fromStatus(parseStatus(text), response.status);
}

function parseStatus(text: string): Partial<Status> {
  try {
    return JSON.parse(text) as Partial<Status>;
  } catch {
    return { message: text.trim() };
  }
}

/** `299 - "text"` → text, unescaped. */
function warningsOf(response: ApiResponse): string[] {
  const header = response.headers['warning'];
  const values = header === undefined ? [] : typeof header === 'string' ? [header] : header;
  return values.flatMap((value) =>
    [...value.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map((match) => (match[1] ?? '').replace(/\\(.)/g, '$1')),
  );
}
