// What replicas must keep over every medium, several of them at a time: one leads, others follow, and any may take over.
import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import { StatusError } from '../../src/api/status-error.ts';
import { JournalDropped } from '../../src/store/journal-errors.ts';
import type { Medium } from '../../src/store/medium.ts';
import type { Replica } from '../../src/store/replica.ts';
import { eventually } from '../support/eventually.ts';
import {
  contents,
  openReplica,
  pod,
  podKey,
  refusedWith,
  rejection,
  type OpenOptions,
} from '../support/store-objects.ts';

export interface SharedPlace {
  /** For one more server, at the same time as the others. */
  join(): Promise<Medium>;
  remove(): Promise<void>;
}

interface Server {
  readonly medium: Medium;
  readonly replica: Replica;
  follow(): void;
  stopFollowing(): Promise<void>;
}

const put = ({ replica }: Server, name: string, note = '') =>
  replica.store.transact((draft) => draft.put(podKey(name), pod(name, { note })));
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

export function describeJournaledReplicas(name: string, createPlace: () => Promise<SharedPlace>): void {
  describe(`replicas over a journal: ${name}`, () => {
    let place: SharedPlace;
    let servers: Server[];

    beforeEach(async () => {
      place = await createPlace();
      servers = [];
    });
    afterEach(async () => {
      for (const { replica } of servers) await replica.close();
      await place.remove();
    });

    const join = async (options: OpenOptions = {}): Promise<Server> => {
      const medium = await place.join();
      const server = serverOver(medium, options);
      servers.push(server);
      return server;
    };
    const leaderOf = async (options: OpenOptions = {}) => {
      const leader = await join(options);
      await leader.replica.lead();
      return leader;
    };
    const caughtUpWith = (server: Server, { replica }: Server) =>
      eventually('the standby to have what the leader wrote', () => server.replica.sequence === replica.sequence);
    const expectEqual = (server: Server, other: Server) => {
      expect(contents(server.replica.store)).to.deep.equal(contents(other.replica.store));
      expect(server.replica.store.revision).to.equal(other.replica.store.revision);
    };

    it('follow the leader, and take over from where they are', async () => {
      const leader = await leaderOf();
      for (const each of ['a', 'b']) await put(leader, each);
      const standby = await join();
      standby.follow();
      await standby.replica.caughtUp;
      expectEqual(standby, leader);
      await put(leader, 'c');
      await leader.replica.store.transact((draft) => draft.delete(podKey('a')));
      await caughtUpWith(standby, leader);
      expectEqual(standby, leader);
      expect((await refusedWith(put(standby, 'd'))).reason).to.equal('ServiceUnavailable');
      await leader.replica.stepDown('hands over');
      await standby.stopFollowing();
      await standby.replica.lead();
      leader.follow();
      await put(standby, 'd');
      await caughtUpWith(leader, standby);
      expectEqual(leader, standby);
    });

    it('answer several batches under way in order, and find all of them again', async () => {
      const leader = await leaderOf();
      const answered: number[] = [];
      const written: Promise<unknown>[] = [];
      for (let at = 0; at < 60; at++) {
        written.push(put(leader, `pod-${at % 7}`, `${at}`).then(({ revision }) => answered.push(revision)));
        if (at % 3 === 0) await turn();
      }
      await Promise.all(written);
      expect(answered).to.deep.equal(Array.from({ length: 60 }, (_, at) => at + 1));
      const heir = await leaderOf();
      expectEqual(heir, leader);
    });

    it('keep what was acknowledged and nothing that was refused when another claims in the middle', async () => {
      const leader = await leaderOf();
      const heir = await join();
      heir.follow();
      const outcomes = new Map<string, 'kept' | 'not kept' | 'not known'>();
      const write = async (key: string) => {
        try {
          await put(leader, key);
          outcomes.set(key, 'kept');
        } catch (error) {
          if (!(error instanceof StatusError)) throw error;
          outcomes.set(key, error.reason === 'Timeout' ? 'not known' : 'not kept');
        }
      };
      const writers = Array.from({ length: 4 }, async (_, writer) => {
        for (let at = 0; outcomes.get(`pod-${writer}-${at - 1}`) !== 'not kept'; at++)
          await write(`pod-${writer}-${at}`);
      });
      await eventually('some writes', () => outcomes.size > 20);
      await heir.stopFollowing();
      await heir.replica.lead();
      await Promise.all(writers);
      await leader.replica.stepDown('was deposed');
      leader.follow();
      await put(heir, 'after');
      await caughtUpWith(leader, heir);
      expectEqual(leader, heir);
      for (const [key, outcome] of outcomes) {
        const isThere = heir.replica.store.get(podKey(key)) !== undefined;
        if (outcome !== 'not known') expect([key, isThere]).to.deep.equal([key, outcome === 'kept']);
      }
    });

    it('start over where the log was cut off while they were away', async () => {
      const leader = await leaderOf({ snapshotFromBytes: 1 });
      await put(leader, 'a');
      const standby = await join();
      standby.follow();
      await caughtUpWith(standby, leader);
      const watch = standby.replica.store.watch({ resource: 'pods', fromRevision: 1 }, new AbortController().signal);
      const expired = rejection(watch[Symbol.asyncIterator]().next());
      await standby.stopFollowing();
      standby.medium.hold(undefined);
      const next = standby.replica.sequence + 1;
      await eventually('a compaction', async () => {
        await put(leader, 'b', randomBytes(500).toString('hex'));
        return isDropped(leader.medium, next);
      });
      standby.follow();
      expect((await expired).message).to.contain('too old resource version');
      await caughtUpWith(standby, leader);
      expectEqual(standby, leader);
      await standby.stopFollowing();
      await standby.replica.lead();
      await put(standby, 'c');
    });

    it('keep an object of 1.4 MiB', async () => {
      const leader = await leaderOf();
      const standby = await join();
      standby.follow();
      const note = randomBytes(0.7 * 1024 * 1024).toString('hex');
      await put(leader, 'large', note);
      await put(leader, 'small');
      await caughtUpWith(standby, leader);
      expect(standby.replica.store.get(podKey('large'))?.object()['note'] === note).to.equal(true);
      const heir = await leaderOf();
      expect(heir.replica.store.get(podKey('large'))?.object()['note'] === note).to.equal(true);
    });
  });
}

function serverOver(medium: Medium, options: OpenOptions): Server {
  const replica = openReplica(medium, options);
  let following: { readonly stop: AbortController; readonly ended: Promise<void> } | undefined;
  return {
    medium,
    replica,
    follow() {
      const stop = new AbortController();
      const ended = replica.follow(stop.signal);
      ended.catch(() => undefined);
      following = { stop, ended };
    },
    async stopFollowing() {
      following?.stop.abort();
      await following?.ended;
    },
  };
}

async function isDropped(medium: Medium, sequence: number): Promise<boolean> {
  try {
    for await (const _ of medium.read(sequence)) return false;
    return false;
  } catch (error) {
    if (error instanceof JournalDropped) return true;
    throw error;
  }
}
