import { expect } from 'chai';
import type { ClusterFacts, ClusterStatus, TokenRequest } from '../../../src/api/cluster-facts.ts';
import { StatusError } from '../../../src/api/status-error.ts';
import { createClusterRoutes } from '../../../src/apiserver/cluster/cluster-routes.ts';
import { createApi, type Api } from '../api-fixture.ts';

const facts: ClusterFacts = { clusterId: 'c', authority: 'PEM', gateways: ['127.0.0.1:6444'] };
const known = { id: 'agent-1', role: 'agent', expires: '2030-01-01T00:00:00Z' } as const;
const status: ClusterStatus = {
  ...{ clusterId: 'c', epoch: 3, servers: [], ensemble: [] },
  journal: { medium: 'zk://127.0.0.1:2181/tepui', problem: undefined },
};

describe('apiserver/cluster/cluster-routes', () => {
  let api: Api;
  let asked: TokenRequest[];
  let backup: () => Promise<AsyncIterable<Uint8Array>>;
  /** Who comes with `authorization: NAME`. */
  const users: Readonly<Record<string, readonly string[]>> = { root: ['system:masters'], alice: ['team'] };

  beforeEach(async () => {
    asked = [];
    backup = () => Promise.resolve(bytes(['one ', 'two']));
    const routes = createClusterRoutes({
      facts: () => facts,
      status: () => Promise.resolve(status),
      tokens: {
        create: (request) => {
          asked.push(request);
          return Promise.resolve({ token: 'tepui.a.b.c', expires: undefined });
        },
        list: () => Promise.resolve([known]),
        remove: (id) => Promise.resolve(id === known.id ? known : undefined),
      },
      openBackup: () => backup(),
    });
    api = await createApi({
      fixed: [routes],
      authenticate: ({ headers }) => {
        const name = headers['authorization'] ?? '';
        return name === '' ? undefined : { username: name, groups: users[name] ?? [] };
      },
    });
  });
  afterEach(() => api.close());

  const as = (name: string, where: string, body?: unknown) =>
    api.call(where, { anonymous: true, body, ...(name === '' ? {} : { headers: { authorization: name } }) });

  it('tells everybody about the cluster, and users about its servers', async () => {
    expect((await as('', 'GET /tepui/v1/cluster')).json).to.deep.equal(facts);
    expect((await as('', 'GET /tepui/v1/status')).status).to.equal(401);
    expect((await as('alice', 'GET /tepui/v1/status')).json).to.deep.include({ clusterId: 'c', epoch: 3 });
  });

  const administered = [
    'POST /tepui/v1/tokens',
    'GET /tepui/v1/tokens',
    'DELETE /tepui/v1/tokens/agent-1',
    'GET /tepui/v1/backup',
  ];

  it('gives tokens and the backup to administrators only', async () => {
    const body = { role: 'agent', ttlSeconds: 0 };
    for (const where of administered) {
      expect((await as('', where, where.startsWith('POST') ? body : undefined)).status).to.equal(401);
      const refused = await as('alice', where, where.startsWith('POST') ? body : undefined);
      expect([refused.status, refused.json.reason]).to.deep.equal([403, 'Forbidden']);
      expect(refused.json.message).to.contain('User "alice"').and.to.contain('system:masters');
    }
    expect(asked).to.deep.equal([]);
    const made = await as('root', 'POST /tepui/v1/tokens', body);
    expect([made.status, made.json]).to.deep.equal([201, { token: 'tepui.a.b.c' }]);
    expect(asked).to.deep.equal([body]);
  });

  it('names every mistake in a request for a token', async () => {
    const refused = await as('root', 'POST /tepui/v1/tokens', { role: 'boss', ttlSeconds: -1, extra: 1 });
    expect([refused.status, refused.json.reason]).to.deep.equal([422, 'Invalid']);
    expect(refused.json.details.causes.map(({ field, message }) => [field, message])).to.deep.equal([
      ['role', 'Unsupported value: "boss": supported values: "agent", "server", "any"'],
      [
        'ttlSeconds',
        'Invalid value: -1: expected a whole number of seconds from 0 (for ever) to 315360000 (ten years)',
      ],
      ['extra', 'Forbidden: unknown field; expected role and ttlSeconds'],
    ]);
    const empty = await as('root', 'POST /tepui/v1/tokens', {});
    expect(empty.json.details.causes.map(({ field, reason }) => [field, reason])).to.deep.equal([
      ['role', 'FieldValueRequired'],
      ['ttlSeconds', 'FieldValueRequired'],
    ]);
    for (const body of [[], 'x{', '3']) expect((await as('root', 'POST /tepui/v1/tokens', body)).status).to.equal(400);
  });

  it('lists tokens, and removes them one by one', async () => {
    expect((await as('root', 'GET /tepui/v1/tokens')).json).to.deep.equal({ items: [known] });
    const removed = await as('root', 'DELETE /tepui/v1/tokens/agent-1');
    expect([removed.status, removed.json]).to.deep.equal([200, known]);
    const absent = await as('root', 'DELETE /tepui/v1/tokens/agent-2');
    expect([absent.status, absent.json.reason]).to.deep.equal([404, 'NotFound']);
    expect(absent.json.message).to.equal('there is no token agent-2: tepui token list shows all that there are');
  });

  it('streams the backup, or says why there is none', async () => {
    const got = await as('root', 'GET /tepui/v1/backup');
    expect([got.status, got.text]).to.deep.equal([200, 'one two']);
    expect(got.headers['content-type']).to.equal('application/octet-stream');
    backup = () => Promise.reject(new StatusError('ServiceUnavailable', 'no journal', { retryAfterSeconds: 1 }));
    const refused = await as('root', 'GET /tepui/v1/backup');
    expect([refused.status, refused.json.message, refused.headers['retry-after']]).to.deep.equal([
      503,
      'no journal',
      '1',
    ]);
  });

  it('names the method that a path has', async () => {
    const refused = await as('root', 'DELETE /tepui/v1/tokens');
    expect([refused.status, refused.headers['allow']]).to.deep.equal([405, 'GET, POST']);
    expect((await as('root', 'GET /tepui/v1/other')).status).to.equal(404);
  });
});

async function* bytes(parts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield await Promise.resolve(Buffer.from(part));
}
