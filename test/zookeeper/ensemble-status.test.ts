// What an ensemble says of itself: real servers, and what else may be found at an address.
import { expect } from 'chai';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { systemClock } from '../../src/lib/clock.ts';
import { askEnsemble } from '../../src/zookeeper/ensemble-status.ts';
import { startEnsemble } from '../support/zookeeper-ensemble.ts';

describe('the status of an ensemble', function () {
  this.timeout(60_000);
  let open: Server[] = [];
  afterEach(() => {
    open.forEach((server) => server.close());
    open = [];
  });
  const listen = async (onConnection: (socket: Socket) => void) => {
    const server = createServer(onConnection).listen(0, '127.0.0.1');
    open.push(server);
    await once(server, 'listening');
    return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
  };

  it('tells of each server what it does, or why it does not', async () => {
    const ensemble = await startEnsemble({ servers: 3 });
    try {
      const addresses = ensemble.servers.map(({ address }) => address);
      const healthy = await askEnsemble(addresses, systemClock, 20_000);
      expect(healthy.map(({ mode }) => mode).sort()).to.deep.equal(['follower', 'follower', 'leader']);
      for (const { averageLatencyMs, znodes, problem } of healthy) {
        expect(averageLatencyMs).to.be.a('number');
        expect([znodes! > 0, problem]).to.deep.equal([true, undefined]);
      }
      ensemble.servers[0]!.freeze();
      await ensemble.servers[1]!.kill();
      const [frozen, dead] = await askEnsemble(addresses, systemClock, 500);
      expect([frozen?.mode, frozen?.problem]).to.deep.equal([undefined, 'no answer within 500 ms']);
      expect(frozen?.address).to.equal(`127.0.0.1:${String(addresses[0]!.port)}`);
      expect(dead?.problem).to.match(/ECONNREFUSED/);
    } finally {
      await ensemble.destroy();
    }
  });

  it('recognises what cannot answer, and says what to do', async () => {
    const answers = {
      'This ZooKeeper instance is not currently serving requests\n': /majority/,
      'srvr is not executed because it is not in the whitelist.\n': /4lw\.commands\.whitelist/,
      'HTTP/1.1 400 Bad Request\r\n\r\n': /not ZooKeeper/,
      '': /without an answer/,
    };
    for (const [answer, problem] of Object.entries(answers)) {
      const address = await listen((socket) =>
        socket.once('data', () => socket.end(answer)).on('error', () => undefined),
      );
      const [health] = await askEnsemble([address], systemClock);
      expect(health?.problem).to.match(problem);
      expect(health?.mode).to.equal(undefined);
    }
  });

  it('does not listen to a stranger for ever', async () => {
    const address = await listen((socket) => {
      const talk = () => {
        while (socket.write('x'.repeat(65_536)));
      };
      socket.on('drain', talk).on('error', () => undefined);
      talk();
    });
    const [health] = await askEnsemble([address], systemClock, 20_000);
    expect(health?.problem).to.match(/not ZooKeeper/);
  });
});
