// A leader that is killed in the middle of its answers: no client of a follower may take what it got for the whole.
import { expect } from 'chai';
import { request } from 'node:https';
import { testAuthority } from '../../support/authority.ts';
import { clientOf, maps, serverIdentity, startServer, token, type TestClient, type TestServer } from './servers.ts';
import { startMortalLeader, type MortalLeader } from './mortal-leader.ts';

/** Each with a leader of its own, killed after a little more was read. */
const rounds = 20;
const clientsEach = 5;

describe('apiserver/leader: a leader that is killed', function () {
  this.timeout(30_000);
  let follower: TestServer;
  let leader: MortalLeader;
  let client: TestClient;

  const elect = async () => {
    const { key, certificate: cert } = await serverIdentity('mortal');
    leader = await startMortalLeader({ key, cert, ca: (await testAuthority()).certificate });
    follower.leadership.set({ part: 'following', leaderApi: leader.url });
  };
  beforeEach(async () => {
    follower = await startServer('b');
    client = await clientOf(follower.url);
    await elect();
  });
  afterEach(async () => {
    await leader.kill();
    client.close();
    await follower.close();
  });

  /** How the body ended: `ended` as if it were whole, or with an error. */
  const overHttp2 = async (seen: (bytes: number) => void): Promise<string> => {
    try {
      const { body } = await client.open(`GET ${maps}`);
      for await (const chunk of body as AsyncIterable<Uint8Array>) seen(chunk.length);
      return 'ended';
    } catch (error) {
      return (error as Error).name;
    }
  };

  /** Now and then only unanswered pings tell the follower: Node may have stopped reading while it wrote to the dead. */
  const withTime = <T>(work: Promise<T>): Promise<T> => {
    const advancing = setInterval(() => void follower.clock.advance(200), 20);
    return work.finally(() => clearInterval(advancing));
  };

  const overHttp1 = async (seen: (bytes: number) => void): Promise<string> => {
    const { certificate: ca } = await testAuthority();
    return new Promise((resolve) => {
      const headers = { authorization: `Bearer ${token}` };
      const outgoing = request(`${follower.url}${maps}`, { ca, agent: false, headers }, (incoming) => {
        incoming.on('data', (chunk: Uint8Array) => seen(chunk.length));
        incoming.on('end', () => resolve('ended'));
        incoming.on('error', ({ name }) => resolve(name));
      });
      outgoing.on('error', ({ name }) => resolve(name));
      outgoing.end();
    });
  };

  for (let round = 0; round < rounds; round += 1) {
    it(`breaks its lists off for clients of a follower, after ${String(round * 50)} kB`, async () => {
      let kill: () => void = () => undefined;
      const due = new Promise<void>((resolve) => (kill = resolve));
      const bytes = new Map<number, number>();
      const total = () => [...bytes.values()].reduce((sum, each) => sum + each, 0);
      // An answer that has not begun is asked for again, and is another matter.
      const isDue = () => bytes.size === 2 * clientsEach && total() > round * 50_000;
      const answers = Array.from({ length: 2 * clientsEach }, (_, index) => {
        const get = index % 2 === 0 ? overHttp1 : overHttp2;
        return get((more) => {
          bytes.set(index, (bytes.get(index) ?? 0) + more);
          if (isDue()) kill();
        });
      });
      await due;
      await leader.kill();
      expect(await withTime(Promise.all(answers))).not.to.include('ended');
    });
  }
});
