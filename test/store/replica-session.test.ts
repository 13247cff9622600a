// A replica over ZooKeeper whose session is lost, in whatever it is doing.
import { expect } from 'chai';
import { silentLog, type Log } from '../../src/lib/log.ts';
import type { Replica } from '../../src/store/replica.ts';
import { eventually } from '../support/eventually.ts';
import { createFakeEnsemble, type FakeEnsemble } from '../support/fake-zookeeper.ts';
import { openReplica, pod, podKey, refusedWith, type OpenOptions } from '../support/store-objects.ts';
import { openServer, type Server } from '../support/zookeeper-media.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const put = ({ store }: Replica, name: string, note = '') =>
  store.transact((draft) => draft.put(podKey(name), pod(name, { note })));

describe('replica: the session with ZooKeeper is lost', () => {
  let ensemble: FakeEnsemble;
  let open: Replica[];

  beforeEach(() => {
    ensemble = createFakeEnsemble();
    open = [];
  });
  afterEach(() => Promise.all(open.map((replica) => replica.close())));

  const serve = async (options: OpenOptions = {}): Promise<Server & { readonly replica: Replica }> => {
    const server = await openServer(ensemble);
    const replica = openReplica(server.medium, options);
    open.push(replica);
    return { ...server, replica };
  };

  it('ends a turn with a write and a snapshot under way, although the ensemble stays away', async () => {
    const deposed: unknown[] = [];
    const { replica, zookeeper } = await serve({ snapshotFromBytes: 1, onDeposed: (error) => deposed.push(error) });
    await replica.lead();
    await put(replica, 'a');
    zookeeper.disconnect();
    const refused = refusedWith(put(replica, 'b'));
    await turn();
    await turn();
    let isOver = false;
    const steppedDown = replica.stepDown('the place is lost').then(() => (isOver = true));
    expect((await refused).reason).to.equal('Timeout');
    for (let turns = 0; turns < 20; turns++) await turn();
    expect(isOver).to.equal(false);
    zookeeper.expire();
    await steppedDown;
    expect(deposed).to.have.length(1);
  });

  it('lets the server end, although the ensemble stays away', async () => {
    const { replica, zookeeper } = await serve({ snapshotFromBytes: 1 });
    await replica.lead();
    await put(replica, 'a');
    zookeeper.disconnect();
    const refused = refusedWith(put(replica, 'b'));
    await turn();
    const closed = replica.close();
    zookeeper.expire();
    await closed;
    expect((await refused).reason).to.equal('Timeout');
  });

  it('makes a follower wait for the ensemble, say so once, and go on in the next session', async () => {
    const said: string[] = [];
    const log: Log = { ...silentLog, info: (_, text) => void said.push(text), warn: (_, text) => void said.push(text) };
    const leader = await serve();
    const standby = await serve({ log });
    await leader.replica.lead();
    await put(leader.replica, 'a');
    standby.zookeeper.expire();
    const asked = standby.zookeeper.writes.length;
    const stop = new AbortController();
    const ended = standby.replica.follow(stop.signal);
    await eventually('a word about it', () => said.length > 0);
    for (let turns = 0; turns < 100; turns++) await turn();
    expect(standby.zookeeper.writes).to.have.length(asked);
    standby.zookeeper.reconnect();
    await standby.replica.caughtUp;
    await put(leader.replica, 'b');
    standby.zookeeper.expire();
    await put(leader.replica, 'c');
    standby.zookeeper.reconnect();
    await eventually('everything', () => standby.replica.store.revision === 3);
    expect(said).to.deep.equal([
      'the journal cannot be read now; waiting for it',
      'the journal can be read again',
      'the state is read',
    ]);
    stop.abort();
    await ended;
  });
});
