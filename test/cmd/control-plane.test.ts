// Several whole servers in one process, over one journal in memory: what happens to them when another leads.
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { connect } from 'node:tls';
import { once } from 'node:events';
import { X509Certificate } from 'node:crypto';
import { expect } from 'chai';
import { newIdentityParts, type ClusterIdentity } from '../../src/cmd/identity/cluster-identity.ts';
import { serversGroup, type ServerCertificate } from '../../src/cmd/identity/server-certificate.ts';
import { startControlPlane, type ControlPlane } from '../../src/cmd/control-plane.ts';
import type { Informer } from '../../src/client/informer.ts';
import { issueCertificate, type KeyedCertificate } from '../../src/lib/certificates.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { aborted } from '../../src/lib/run-group.ts';
import { createMemoryMedium, createMemoryStorage, type MemoryStorage } from '../../src/store/media/memory.ts';
import { validNow } from '../support/authority.ts';
import { eventually } from '../support/eventually.ts';
import { createFakeOffice, type FakeOffice } from '../support/fake-office.ts';

interface Server extends ControlPlane {
  /** Shows a new certificate from now on. */
  renew(pair: KeyedCertificate): void;
  call(method: string, path: string, body?: object): Promise<{ status: number; text: string; headers: object }>;
  stop(): Promise<void>;
}

describe('control planes in one process', function () {
  this.timeout(60_000);
  let storage: MemoryStorage;
  let office: FakeOffice;
  let identity: ClusterIdentity;
  let servers: Server[];

  before(async () => {
    identity = { ...(await newIdentityParts(systemClock)), dataKey: undefined };
  });
  beforeEach(() => {
    [storage, office, servers] = [createMemoryStorage(), createFakeOffice(), []];
  });
  afterEach(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    expect([office.listeners, storage.listeners.size]).to.deep.equal([0, 0]);
  });

  const newCertificate = () =>
    issueCertificate(identity.authority, {
      commonName: 'tepui-server',
      organizations: [serversGroup],
      dnsNames: ['localhost'],
      ipAddresses: ['127.0.0.1'],
      usages: ['server', 'client'],
      validity: validNow(),
    });

  const start = async (id: string): Promise<Server> => {
    const first = await newCertificate();
    const late: { renew?: (pair: KeyedCertificate) => void } = {};
    const certificate: ServerCertificate = {
      current: first,
      keepFresh(onRenewed, signal) {
        late.renew = onRenewed;
        return aborted(signal);
      },
    };
    const controlPlane = await startControlPlane({
      surroundings: {
        medium: createMemoryMedium(storage),
        createElection: (self) => office.electionOf(self),
        serverTokens: undefined,
        ensemble: () => Promise.resolve([]),
      },
      ...{ identity, certificate, id, ownToken: undefined, host: '127.0.0.1', advertise: '127.0.0.1' },
      ports: { api: 0, gateway: 0, mesos: 0 },
      ...{ clock: systemClock, log: silentLog },
    });
    const stopping = new AbortController();
    const ended = controlPlane.run(stopping.signal);
    const server: Server = {
      ...controlPlane,
      renew: (pair) => late.renew?.(pair),
      call: (method, path, body) => call(controlPlane.facts.api, method, path, body),
      async stop() {
        stopping.abort();
        await ended;
      },
    };
    servers.push(server);
    await controlPlane.serving(stopping.signal);
    return server;
  };

  const call = async (api: string, method: string, path: string, body?: object) => {
    const headers = { authorization: `Bearer ${identity.adminToken}`, 'content-type': 'application/json' };
    const options = { method, headers, ca: identity.authority.certificate, agent: false };
    const asked = request(`https://${api}${path}`, options).end(body === undefined ? '' : JSON.stringify(body));
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    let text = '';
    for await (const chunk of answer) text += String(chunk);
    return { status: answer.statusCode ?? 0, text, headers: answer.headers };
  };

  const configMap = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });
  const configMaps = '/api/v1/namespaces/default/configmaps';
  const created = async (server: Server, name: string) => {
    expect((await server.call('POST', configMaps, configMap(name))).status, name).to.equal(201);
  };
  const leads = (server: Server) =>
    eventually(`${server.facts.id} to lead`, () => server.leadership.part === 'leading');

  it('answer writes through any of them, before and after another leads', async () => {
    const [a, b, c] = [await start('a'), await start('b'), await start('c')];
    await leads(a);
    await created(a, 'one');
    await created(c, 'two');
    office.revoke();
    await leads(b);
    for (const [index, server] of [a, b, c].entries()) await created(server, `three-${String(index)}`);
    await a.stop();
    await b.stop();
    await leads(c);
    const { text } = await c.call('GET', configMaps);
    for (const name of ['one', 'two', 'three-0', 'three-1', 'three-2']) expect(text).to.contain(`"${name}"`);
  });

  it('refuse writes and go on reading while it is not certain who leads, and go on by themselves', async () => {
    const a = await start('a');
    await created(a, 'one');
    office.trouble = 'ZooKeeper does not answer';
    office.setActing(false);
    const refused = await a.call('POST', configMaps, configMap('two'));
    expect([refused.status, refused.text]).to.satisfy(
      ([status, text]: [number, string]) => status === 503 && text.includes('ZooKeeper does not answer'),
    );
    expect(refused.headers).to.have.property('retry-after');
    const read = await a.call('GET', `${configMaps}/one`);
    expect([read.status, String((read.headers as { warning?: string }).warning)]).to.satisfy(
      ([status, warning]: [number, string]) => status === 200 && warning.startsWith('299'),
    );
    office.trouble = undefined;
    office.setActing(true);
    await created(a, 'two');
  });

  it('show a renewed certificate to whoever connects from then on', async () => {
    const a = await start('a');
    const shown = async () => {
      const [host = '', port] = a.facts.api.split(':');
      const socket = connect({ host, port: Number(port), ca: identity.authority.certificate });
      await once(socket, 'secureConnect');
      const { raw } = socket.getPeerCertificate();
      socket.destroy();
      return new X509Certificate(raw).serialNumber;
    };
    const before = await shown();
    const renewed = await newCertificate();
    a.renew(renewed);
    expect(await shown())
      .to.equal(new X509Certificate(renewed.certificate).serialNumber)
      .and.not.equal(before);
    await created(a, 'one');
  });

  it('leave no subscription behind after 50 turns', async () => {
    const two = [await start('a'), await start('b')];
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on('warning', onWarning);
    const counted = two.map((server) => countSubscriptions(server));
    const live = () => counted.reduce((sum, count) => sum + count(), 0);
    const nextTurn = async (number: number) => {
      office.revoke();
      const leader = await eventually('another leader', () =>
        office.turns === number ? two.find(({ leadership }) => leadership.part === 'leading') : undefined,
      );
      await created(leader, `turn-${String(number)}`);
    };
    for (let number = 2; number <= 5; number++) await nextTurn(number);
    const first = await steady(live);
    const timers = process.getActiveResourcesInfo().length;
    for (let number = 6; number <= 50; number++) await nextTurn(number);
    expect(await steady(live)).to.equal(first);
    expect(first).to.be.greaterThan(10);
    expect(process.getActiveResourcesInfo().length).to.be.lessThan(timers + 20);
    process.off('warning', onWarning);
    expect(warnings).to.deep.equal([]);
  });
});

/** Counts what subscribes to any informer of a server, and has not ended it, from now on. */
function countSubscriptions({ informers }: ControlPlane): () => number {
  let live = 0;
  const original = { ...informers };
  const counting = (informer: Informer) =>
    new Proxy(informer, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (name !== 'subscribe') return value;
        return (subscriber: Parameters<Informer['subscribe']>[0]) => {
          const stop = target.subscribe(subscriber);
          live++;
          let isLive = true;
          return () => {
            if (isLive) live--;
            isLive = false;
            stop();
          };
        };
      },
    });
  Object.assign(informers, { of: (...asked: Parameters<typeof original.of>) => counting(original.of(...asked)) });
  return () => live;
}

/** The value once it has not changed for a while. */
async function steady(value: () => number): Promise<number> {
  let [last, since] = [value(), performance.now()];
  return eventually('it to be steady', () => {
    if (value() !== last) [last, since] = [value(), performance.now()];
    return performance.now() - since > 300 ? last : undefined;
  });
}
