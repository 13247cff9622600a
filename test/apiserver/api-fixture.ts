// A whole API server in one process without a socket: memory store, fake clock, numbered ids.
import { createApiHandler } from '../../src/apiserver/server.ts';
import { fieldsOf, fieldsVersion } from '../../src/apiserver/selectable-fields.ts';
import type { ApiDependencies } from '../../src/apiserver/dependencies.ts';
import type { ApiRequest, ApiResponse, Handler } from '../../src/api/request.ts';
import { StatusError } from '../../src/api/status-error.ts';
import { silentLog } from '../../src/lib/log.ts';
import { createReplica } from '../../src/store/create-replica.ts';
import { createJournal } from '../../src/store/journal.ts';
import { createMemoryMedium } from '../../src/store/media/memory.ts';
import type { Store } from '../../src/store/store.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import type { FakeClock } from '../support/fake-clock.ts';
import { definitions, validator } from '../support/schemas.ts';

/** What a request carries. */
export type Body = Readonly<Record<string, unknown>>;

/** An answer: every field that a test looks at, as the type that it has wherever it is there. */
export interface Json extends Body {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Json;
  readonly spec: Json;
  readonly status: Json;
  readonly data: Json;
  readonly items: readonly Json[];
  readonly message: string;
  readonly reason: string;
  readonly details: Json;
  readonly causes: readonly Json[];
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly creationTimestamp: string;
  readonly generation: number;
  readonly deletionGracePeriodSeconds: number;
  readonly labels: Json;
  readonly finalizers: readonly string[];
  readonly managedFields: readonly Json[];
  readonly fieldsV1: Json;
  readonly continue: string;
  readonly remainingItemCount: number;
  readonly replicas: number;
  readonly revisionHistoryLimit: number;
  readonly selector: Json;
  readonly strategy: Json;
  readonly template: Json;
  readonly containers: readonly Json[];
  readonly capacity: Json;
  readonly conditions: readonly Json[];
  readonly phase: string;
  readonly nodeName: string;
  readonly clusterIP: string;
  readonly object: Json;
  readonly columnDefinitions: readonly Json[];
  readonly rows: readonly Json[];
  readonly cells: readonly unknown[];
}

export interface Answer {
  readonly status: number;
  readonly headers: ApiResponse['headers'];
  readonly text: string;
  /** The body as JSON. */
  readonly json: Json;
  readonly warnings: readonly string[];
}

export interface CallOptions {
  readonly body?: unknown;
  readonly type?: string;
  readonly accept?: string;
  readonly agent?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly anonymous?: boolean;
  readonly signal?: AbortSignal;
}

export interface Api {
  readonly store: Store;
  readonly clock: FakeClock;
  readonly handle: Handler;
  /** @param where `GET /api/v1/pods?limit=5` */
  call(where: string, options?: CallOptions): Promise<Answer>;
  /** As `call`, with the body not read. */
  open(where: string, options?: CallOptions): Promise<ApiResponse>;
  close(): Promise<void>;
}

export async function createApi(overrides: Partial<ApiDependencies> = {}): Promise<Api> {
  const clock = createFakeClock();
  const replica = createReplica({
    journal: createJournal({ medium: createMemoryMedium(), clock, log: silentLog }),
    fieldsOf,
    fieldsVersion,
    log: silentLog,
    onDeposed: (error) => {
      throw error;
    },
  });
  await replica.lead();
  const { store } = replica;
  let made = 0;
  const handle = createApiHandler({
    store,
    definitions,
    validator,
    clock,
    ids: {
      uid: () => `00000000-0000-4000-8000-${String(++made).padStart(12, '0')}`,
      nameSuffix: () => String(++made).padStart(5, 'x'),
    },
    log: silentLog,
    podLogs: { readLog: () => Promise.reject(new StatusError('ServiceUnavailable', 'no agent')) },
    decodeProtobuf: () => {
      throw new StatusError('BadRequest', 'no protobuf here');
    },
    authenticate: () => undefined,
    ...overrides,
  });
  await store.transact((draft) => {
    for (const name of ['default', 'other']) {
      const metadata = { name, uid: `ns-${name}`, creationTimestamp: '2023-11-14T22:13:20Z' };
      const spec = { finalizers: ['kubernetes'] };
      const status = { phase: 'Active' };
      draft.put(
        { resource: 'namespaces', namespace: '', name },
        { apiVersion: 'v1', kind: 'Namespace', metadata, spec, status },
      );
    }
  });
  const open = (where: string, options: CallOptions = {}) => handle(requestOf(where, options));
  return {
    store,
    clock,
    handle,
    open,
    call: async (where, options = {}) => readAnswer(await open(where, options)),
    close: () => store.close(),
  };
}

function requestOf(where: string, options: CallOptions): ApiRequest {
  const [method = '', url = ''] = where.split(' ');
  const [path = '', query = ''] = url.split('?');
  const { body } = options;
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  return {
    method,
    path,
    query: new URLSearchParams(query),
    headers: {
      'user-agent': options.agent ?? 'tester/1.0',
      ...(options.type === undefined ? {} : { 'content-type': options.type }),
      ...(options.accept === undefined ? {} : { accept: options.accept }),
      ...options.headers,
    },
    body: Buffer.from(text),
    signal: options.signal ?? new AbortController().signal,
    ...(options.anonymous ? {} : { user: { username: 'tester', groups: ['system:masters'] } }),
  };
}

async function readAnswer(response: ApiResponse): Promise<Answer> {
  const chunks: Uint8Array[] = [];
  if (response.body instanceof Uint8Array) chunks.push(response.body);
  else for await (const chunk of response.body) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  const warning = response.headers['warning'] ?? [];
  return {
    status: response.status,
    headers: response.headers,
    text,
    get json() {
      return JSON.parse(text) as Json;
    },
    warnings: typeof warning === 'string' ? [warning] : warning,
  };
}

/** Reads watch events off a streaming response, one at a time. */
export function watchEvents(response: ApiResponse): { next(): Promise<Json | undefined>; stop(): Promise<void> } {
  if (response.body instanceof Uint8Array) throw new Error(`no stream: ${Buffer.from(response.body).toString()}`);
  const iterator = response.body[Symbol.asyncIterator]();
  let buffered = '';
  return {
    async next() {
      for (;;) {
        const end = buffered.indexOf('\n');
        if (end >= 0) {
          const line = buffered.slice(0, end);
          buffered = buffered.slice(end + 1);
          return JSON.parse(line) as Json;
        }
        const chunk = await iterator.next();
        if (chunk.done) return undefined;
        buffered += Buffer.from(chunk.value).toString('utf8');
      }
    },
    stop: async () => {
      await iterator.return?.();
    },
  };
}

export const pod = (name: string, changes: Body = {}): Body => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, ...(changes['metadata'] as object | undefined) },
  spec: { containers: [{ name: 'main', image: 'nginx:1.27' }], ...(changes['spec'] as object | undefined) },
});

export const configMap = (name: string, data: Record<string, string> = {}, metadata: Body = {}): Body => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...metadata },
  data,
});

export const deployment = (name: string, replicas = 1, changes: Body = {}): Body => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'main', image: 'nginx:1.27' }] },
    },
    ...changes,
  },
});
