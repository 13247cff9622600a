// Operations on ConfigMaps of one namespace, each written down before it is sent and after it was answered.
import { monotonicNs, type LineLog } from '../history/line-log.ts';
import type { AnswerLine, InvokeLine, Item, Refusal, Version } from '../history/lines.ts';
import type { Answer, Document, NoAnswer, ServerConnection } from './server-connection.ts';

export const namespace = 'faults';
export const collection = `/api/v1/namespaces/${namespace}/configmaps`;

type Outcome = Omit<AnswerLine, 'line' | 'at' | 'id'>;

export interface RecordedClient {
  /** The version written, or undefined unless it is certain that it was. */
  create(server: ServerConnection, key: string): Promise<Version | undefined>;
  /** Raises the count by one, if the object is still in this version. */
  increment(server: ServerConnection, key: string, expect: Version): Promise<Version | undefined>;
  /** True when it is certain that the object was deleted, in this version. */
  remove(server: ServerConnection, key: string, expect: Version): Promise<boolean>;
  /** `absent`: there is no such object; undefined: no answer, or perhaps an old one. */
  get(server: ServerConnection, key: string): Promise<Version | 'absent' | undefined>;
  list(server: ServerConnection): Promise<{ readonly rv: number; readonly items: readonly Item[] } | undefined>;
}

/** @param name makes tags and ids unique in the run */
export function createRecordedClient(name: string, log: LineLog): RecordedClient {
  let calls = 0;
  const record = async (
    server: ServerConnection,
    operation: Pick<InvokeLine, 'op' | 'key'> & Partial<InvokeLine>,
    send: (tag: string) => Promise<Answer | NoAnswer>,
  ): Promise<Outcome & { readonly tag: string }> => {
    calls += 1;
    const tag = `${name}-${String(calls)}`;
    const isWriting = operation.op === 'create' || operation.op === 'update';
    const invoke = { id: tag, server: server.name, ...operation, ...(isWriting ? { tag } : {}) };
    log.write({ line: 'invoke', at: monotonicNs(), ...invoke });
    const outcome = outcomeOf(operation.op, await send(tag));
    log.write({ line: 'answer', at: monotonicNs(), id: tag, ...outcome });
    return { ...outcome, tag };
  };
  const written = (outcome: Outcome & { tag: string }, count: number): Version | undefined =>
    outcome.outcome === 'ok' ? { tag: outcome.tag, count, rv: outcome.rv ?? 0 } : undefined;

  return {
    async create(server, key) {
      const operation = { op: 'create', key, count: 0 } as const;
      return written(
        await record(server, operation, (tag) => server.call('POST', collection, configMap(key, tag, 0))),
        0,
      );
    },
    async increment(server, key, expect) {
      const count = expect.count + 1;
      const send = (tag: string) => server.call('PUT', `${collection}/${key}`, configMap(key, tag, count, expect.rv));
      return written(await record(server, { op: 'update', key, count, expect }, send), count);
    },
    async remove(server, key, expect) {
      const body = { kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { resourceVersion: String(expect.rv) } };
      const send = () => server.call('DELETE', `${collection}/${key}`, body);
      return (await record(server, { op: 'delete', key, expect }, send)).outcome === 'ok';
    },
    async get(server, key) {
      const answer = await record(server, { op: 'get', key }, () => server.call('GET', `${collection}/${key}`));
      return answer.outcome !== 'ok' || answer.stale === true ? undefined : (answer.items?.[0] ?? 'absent');
    },
    async list(server) {
      const answer = await record(server, { op: 'list', key: '' }, () => server.call('GET', collection));
      return answer.outcome === 'ok' ? { rv: answer.rv ?? 0, items: answer.items ?? [] } : undefined;
    },
  };
}

const configMap = (name: string, tag: string, count: number, rv?: number) => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap' },
  metadata: { name, namespace, ...(rv === undefined ? {} : { resourceVersion: String(rv) }) },
  data: { tag, count: String(count) },
});

export const itemOf = ({ metadata, data }: Document): Item => ({
  key: metadata?.name ?? '',
  tag: data?.['tag'] ?? '',
  count: Number(data?.['count']),
  rv: Number(metadata?.resourceVersion),
});

/** Objects that the cluster puts into every namespace are not ours. */
export const itemsOf = ({ items }: Document): Item[] =>
  (items ?? []).filter((one) => one.data?.['tag'] !== undefined).map(itemOf);

function outcomeOf(op: InvokeLine['op'], answer: Answer | NoAnswer): Outcome {
  if (answer.kind === 'none') return { outcome: answer.sent ? 'unknown' : 'fail', refusal: 'other', why: answer.why };
  const { status, body, stale } = answer;
  if (status >= 300) return refused(op, status, body, stale);
  const isWhole = op === 'delete' || body.metadata?.resourceVersion !== undefined;
  if (!isWhole) return { outcome: 'unknown', broken: true, why: `${String(status)} with a body that is not whole` };
  if (op === 'get') return { outcome: 'ok', items: [itemOf(body)], stale };
  const rv = Number(body.metadata?.resourceVersion);
  if (op === 'list') return { outcome: 'ok', items: itemsOf(body), rv, stale };
  return op === 'delete' ? { outcome: 'ok' } : { outcome: 'ok', rv };
}

/** What servers say when they are certain that a write was not made. */
const nothingDone =
  /nothing (of it )?was (kept|changed|sent|done)|the write was not made|does not lead; try again|is (starting|stopping); try again/i;

/** A server error leaves open what became of a write, unless it says that nothing was kept. */
function refused(op: InvokeLine['op'], status: number, { reason, message }: Document, stale: boolean): Outcome {
  const why = `${String(status)} ${reason ?? ''} ${message ?? ''}`;
  if (status === 404 && op === 'get') return { outcome: 'ok', items: [], stale, why };
  const isCertain = status < 500 || nothingDone.test(message ?? '');
  return { outcome: isCertain ? 'fail' : 'unknown', refusal: refusalOf(status, reason), why };
}

function refusalOf(status: number, reason: string | undefined): Refusal {
  if (status === 404) return 'absent';
  if (status === 409) return reason === 'AlreadyExists' ? 'exists' : 'conflict';
  return 'other';
}
