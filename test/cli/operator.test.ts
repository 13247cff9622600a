import { expect } from 'chai';
import type { ClusterStatus, ServerStatus } from '../../src/api/cluster-facts.ts';
import { StatusError } from '../../src/api/status-error.ts';
import type { JsonCall, Session } from '../../src/cli/session.ts';
import { describeStatus, problemsOf, status } from '../../src/cli/status.ts';
import { createToken, deleteTokens, listTokens } from '../../src/cli/tokens.ts';

const server = (name: string, role: 'leader' | 'follower', lag = 0): ServerStatus => ({
  ...{ id: `id-${name}`, role, api: `${name}:6443`, gateway: `${name}:6444`, mesos: `${name}:5050` },
  ...{ version: '1.0.0', revision: 7, lag },
});

const healthy: ClusterStatus = {
  ...{ clusterId: 'c1', epoch: 3 },
  servers: [server('a', 'leader'), server('b', 'follower')],
  journal: { medium: 'the journal in ZooKeeper at zk://z:2181/tepui', problem: undefined },
  ensemble: ['z1', 'z2', 'z3'].map((name) => ({
    ...{ address: `${name}:2181`, mode: 'follower', problem: undefined, averageLatencyMs: 2, znodes: 40 },
  })),
};

interface Recorded extends Session {
  readonly printed: string[];
  readonly complained: string[];
  readonly calls: JsonCall[];
}

/** Answers every call with the same, and remembers what was asked and printed. */
function sessionWith(answer: unknown): Recorded {
  const [printed, complained, calls]: [string[], string[], JsonCall[]] = [[], [], []];
  return {
    ...{ printed, complained, calls, namespace: 'default', asked: undefined, signal: new AbortController().signal },
    client: {} as unknown as Session['client'],
    json: (call) => {
      calls.push(call);
      if (call.path.endsWith('gone')) return Promise.reject(new StatusError('NotFound', 'not found'));
      return Promise.resolve(answer as never);
    },
    lines: () => {
      throw new Error('nobody asks for lines');
    },
    bytes: () => {
      throw new Error('nobody asks for bytes');
    },
    print: (text) => void printed.push(text),
    complain: (text) => void complained.push(text),
    close: () => undefined,
  };
}

describe('tepui status', () => {
  it('finds nothing wrong with a healthy cluster, and says who leads since when', async () => {
    const session = sessionWith(healthy);
    expect(await status(session, {})).to.equal(0);
    expect(session.printed.join('\n'))
      .to.match(/Leader: +a:6443 since epoch 3/)
      .and.match(/b:6443 +follower +7 +0/)
      .and.match(/z1:2181 +follower +2 ms +40/)
      .and.not.contain('Problem');
  });

  it('puts problems first, each with what to do, and counts them for the exit code', async () => {
    const [first, ...others] = healthy.ensemble;
    const ill: ClusterStatus = {
      ...healthy,
      servers: [server('b', 'follower', 5000)],
      journal: { ...healthy.journal, problem: 'no answer' },
      ensemble: [{ ...first!, mode: undefined, problem: 'connection refused' }, ...others],
    };
    const session = sessionWith(ill);
    expect(await status(session, {})).to.equal(4);
    const [text = ''] = session.printed;
    expect(text.indexOf('Problem:')).to.be.lessThan(text.indexOf('Cluster:'));
    expect(problemsOf(ill).map(({ what }) => what)).to.deep.equal([
      'the journal in ZooKeeper at zk://z:2181/tepui cannot be written: no answer',
      'no server leads since epoch 3 ended',
      'ZooKeeper server z1:2181 does not answer: connection refused',
      'server b:6443 has not read 5000 entries of the log yet',
    ]);
    expect(problemsOf(ill)[2]?.whatToDo).to.contain('the loss of one more stops all writes');
  });

  it('shows no ensemble where there is none', () => {
    expect(describeStatus({ ...healthy, ensemble: [] }, [])).to.not.contain('ZOOKEEPER');
  });

  it('gives the whole answer as JSON or YAML, with the same count', async () => {
    const session = sessionWith({ ...healthy, servers: [] });
    expect(await status(session, { output: 'json' })).to.equal(1);
    expect((JSON.parse(session.printed[0] ?? '') as ClusterStatus).clusterId).to.equal('c1');
    await status(session, { output: 'yaml' });
    expect(session.printed[1]).to.match(/^clusterId: c1\n/);
  });
});

describe('tepui token', () => {
  it('prints the token alone, and how to use it beside', async () => {
    const session = sessionWith({ token: 'tepui.a.b.c', expires: '2026-01-01T00:00:00Z' });
    await createToken(session, { role: 'agent', ttl: 60 });
    expect(session.printed).to.deep.equal(['tepui.a.b.c']);
    expect(session.complained.join('\n')).to.match(/agents in until 2026.*tepui agent --server/s);
    expect(session.complained.join('\n')).to.not.contain('tepui server');
    expect(session.calls).to.deep.equal([
      { method: 'POST', path: '/tepui/v1/tokens', body: '{"role":"agent","ttlSeconds":60}' },
    ]);
  });

  it('lists what the server knows', async () => {
    const items = [
      { id: 'agent-1', role: 'agent', expires: '2020-01-01T00:00:00Z' },
      { id: 'server-2', role: 'server' },
    ];
    const session = sessionWith({ items });
    await listTokens(session);
    const lines = (session.printed[0] ?? '').split('\n').map((line) => line.split(/ +/));
    expect(lines).to.deep.equal([
      ['ID', 'ROLE', 'EXPIRES'],
      ['agent-1', 'agent', '2020-01-01T00:00:00Z'],
      ['server-2', 'server', 'never'],
    ]);
    const none = sessionWith({ items: [] });
    await listTokens(none);
    expect([none.printed, none.complained]).to.deep.equal([[], ['There are no tokens; tepui token create makes one.']]);
  });

  it('deletes by id or whole token, never repeats a secret, and counts what is not there', async () => {
    const session = sessionWith(undefined);
    expect(await deleteTokens(session, ['agent-1', 'tepui.agent-2.SECRET.FP', 'agent-gone'])).to.equal(1);
    expect(session.calls.map(({ method, path }) => `${method ?? ''} ${path}`)).to.deep.equal(
      ['agent-1', 'agent-2', 'agent-gone'].map((id) => `DELETE /tepui/v1/tokens/${id}`),
    );
    expect(session.printed).to.deep.equal(['token agent-1 deleted', 'token agent-2 deleted']);
    expect(session.complained).to.deep.equal(['error: there is no token agent-gone; tepui token list shows all']);
  });
});
