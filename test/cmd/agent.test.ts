// `tepui agent` as a process: first contact by any server, whom it believes, and what it says when it cannot start.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Secret } from '../../src/api/types.gen.ts';
import { admitBySecrets } from '../../src/apiserver/gateway/admission.ts';
import { createAuthority, issueCertificate, type KeyedCertificate } from '../../src/lib/certificates.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createToken, parseToken, type TokenWish } from '../../src/lib/join-token.ts';
import { packagePath } from '../../src/lib/package-root.ts';
import { createAgentCluster, type AgentCluster, type StartedServer } from '../support/agent-cluster.ts';
import { testAuthority, validNow } from '../support/authority.ts';

interface AgentProcess {
  readonly child: ChildProcess;
  readonly output: () => string;
  /** Resolves when the output matches; rejects when the process ends before. */
  says(pattern: RegExp): Promise<void>;
}

describe('tepui agent', function () {
  this.timeout(60_000);
  let cluster: AgentCluster;
  let gateway: StartedServer;
  let api: Server | undefined;
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    cluster = await createAgentCluster();
    gateway = await cluster.startServer({
      admit: admitBySecrets(cluster.api.source<Secret>('secrets'), systemClock),
    });
    gateway.begin();
  });
  afterEach(async () => {
    for (const child of children.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    }
    await cluster.close();
    api?.closeAllConnections();
    api?.close();
    api = undefined;
  });

  /** The part of a server's API that an agent asks. */
  const startApi = async (authority: KeyedCertificate, port = 0) => {
    const identity = await issueCertificate(authority, {
      commonName: 'api',
      dnsNames: ['api'],
      usages: ['server'],
      validity: validNow(),
    });
    api = createServer({ key: identity.key, cert: identity.certificate }, (request, response) => {
      const facts = { clusterId: 'c', authority: authority.certificate, gateways: [gateway.address] };
      response.statusCode = request.url === '/tepui/v1/cluster' ? 200 : 404;
      response.end(JSON.stringify(facts));
    });
    api.listen(port, '127.0.0.1');
    await once(api, 'listening');
    return (api.address() as AddressInfo).port;
  };

  /** As `tepui token create` does. */
  const makeToken = async (wish: Partial<TokenWish> = {}, nowMs = Date.now()) => {
    const { certificate } = await testAuthority();
    const { token, record } = createToken(certificate, { role: 'agent', ttlSeconds: 60, ...wish }, nowMs);
    const text = (value: string) => Buffer.from(value).toString('base64');
    const hash = Buffer.from(record.verifier, 'base64url').toString('hex');
    cluster.api.put('secrets', {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'tepui.dev/join-token',
      metadata: { name: `bootstrap-token-${parseToken(token).id}`, namespace: 'kube-system' },
      data: { role: text(record.role), hash: text(hash), expires: text(record.expires ?? '') },
    });
    return token;
  };

  const start = (server: string, ...more: readonly string[]): AgentProcess => {
    const home = join(cluster.folder, 'home');
    const flags = ['--server', server, '--home', home, '--node-name', 'n', '--port', '0', ...more];
    const child = spawn(process.execPath, [packagePath('dist/src/cmd/main.js'), 'agent', ...flags], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    let output = '';
    const listeners = new Set<() => void>();
    const hear = (chunk: Buffer) => {
      output += chunk.toString();
      for (const listener of listeners) listener();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    return {
      child,
      output: () => output,
      says: (pattern) =>
        new Promise((resolve, reject) => {
          const look = () => {
            if (pattern.test(output)) resolve();
          };
          listeners.add(look);
          child.once('exit', () => reject(new Error(`ended without saying ${String(pattern)}:\n${output}`)));
          look();
        }),
    };
  };
  const exitOf = async ({ child, output }: AgentProcess) => {
    const [code] = (await once(child, 'close')) as [number];
    return { code, output: output() };
  };

  it('joins through a server with a token, and needs neither to start again', async () => {
    const port = await startApi(await testAuthority());
    const agent = start(`127.0.0.1:${port}`, '--token', await makeToken());
    await agent.says(/^tepui is ready$/m);
    expect(cluster.api.object('nodes', 'n')?.metadata.name).to.equal('n');
    agent.child.kill('SIGTERM');
    expect((await exitOf(agent)).code).to.equal(0);
    api?.closeAllConnections();
    api?.close();
    await start(`127.0.0.1:${port}`).says(/^tepui is ready$/m);
  });

  it('waits for a server that is not there yet, and says so', async () => {
    const port = await startApi(await testAuthority());
    api?.close();
    const agent = start(`127.0.0.1:${port}`, '--token', await makeToken({ role: 'any', ttlSeconds: 60 }));
    await agent.says(new RegExp(`server 127.0.0.1:${port} cannot be asked .*ECONNREFUSED`));
    await startApi(await testAuthority(), port);
    await agent.says(/^tepui is ready$/m);
  });

  it('does not say its token to a cluster whose authority has another fingerprint', async () => {
    const port = await startApi(await createAuthority('another', validNow()));
    const { code, output } = await exitOf(start(`127.0.0.1:${port}`, '--token', await makeToken()));
    expect(output).to.contain('the join token is of another cluster');
    expect(code).to.equal(78);
    expect(cluster.api.object('nodes', 'n')).to.equal(undefined);
  });

  for (const { title, wish, madeMsAgo, says } of [
    { title: 'that has expired', wish: { ttlSeconds: 1 }, madeMsAgo: 5000, says: 'the join token expired at' },
    {
      title: 'for servers',
      wish: { role: 'server' as const },
      madeMsAgo: 0,
      says: 'the join token is for servers only',
    },
  ]) {
    it(`ends with the reason when it has a token ${title}`, async () => {
      const port = await startApi(await testAuthority());
      const token = await makeToken(wish, Date.now() - madeMsAgo);
      const { code, output } = await exitOf(start(`127.0.0.1:${port}`, '--token', token));
      expect(output).to.match(new RegExp(`^error: ${says}`));
      expect(code).to.equal(78);
    });
  }

  it('ends with the reason without a token, or with half of one, or with a wrong address', async () => {
    expect((await exitOf(start('127.0.0.1:1'))).output).to.contain('has no join token');
    expect((await exitOf(start('127.0.0.1:1', '--token', 'tepui.half'))).output).to.contain('was all of it copied?');
    expect((await exitOf(start('nowhere', '--token', 'x'))).output).to.contain('--server expects HOST:PORT');
  });
});
