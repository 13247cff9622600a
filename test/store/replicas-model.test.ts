// Several replicas over one journal, in random roles, with writers cut off and fenced in the middle of a batch; and what
// must hold whatever happens: nothing acknowledged is lost, nothing refused is kept, nothing is there by half.
import { expect } from 'chai';
import fc from 'fast-check';
import { StatusError } from '../../src/api/status-error.ts';
import type { Entry, Medium } from '../../src/store/medium.ts';
import { createMemoryMedium, createMemoryStorage, type MemoryStorage } from '../../src/store/media/memory.ts';
import type { Replica } from '../../src/store/replica.ts';
import type { StoreEvent } from '../../src/store/store.ts';
import { contents, openReplica, pod, podKey } from '../support/store-objects.ts';

type Step =
  | { readonly kind: 'write'; readonly at: number; readonly groups: readonly (readonly number[])[] }
  | { readonly kind: 'lead' | 'step down' | 'suspend' | 'resume'; readonly at: number }
  /** Neither leads nor follows, and needs nothing of the log, while another one writes. */
  | { readonly kind: 'sleep'; readonly at: number; readonly rounds: number }
  /** The next batch of this server: after some entries, its writer hears no more, or another claims the journal. */
  | { readonly kind: 'cut off' | 'fence'; readonly at: number; readonly entries: number };

const servers = 3;
const at = fc.nat(servers - 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('write' as const),
      at,
      // Lengths of texts, of transactions that begin in the same turn of the loop; groups follow each other.
      groups: fc.array(fc.array(fc.nat(3000), { maxLength: 4 }), { maxLength: 4 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('lead' as const, 'lead', 'step down'), at }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('sleep' as const), at, rounds: fc.nat(15) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('suspend' as const, 'resume'), at }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('cut off' as const, 'fence'), at, entries: fc.nat(4) }) },
);

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const until = async (isSo: () => boolean) => {
  // By time: snapshots are inflated by other threads, which may have to wait for a core.
  const endMs = performance.now() + 20_000;
  while (!isSo()) {
    if (performance.now() > endMs) throw new Error('waited in vain');
    await turn();
  }
};

/** Done once, within the next append. */
type Trouble = { readonly after: number; readonly strike: () => void } | undefined;

/** Entries go one by one, with a turn of the loop in between, so that something can come between them. */
function troubledMedium(storage: MemoryStorage, depth: number, trouble: { next: Trouble }): Medium {
  const medium = createMemoryMedium(storage, 700, depth);
  let order: Promise<unknown> = Promise.resolve();
  const write = async (epoch: number, entries: readonly Entry[]) => {
    for (const [index, entry] of entries.entries()) {
      if (trouble.next && index >= trouble.next.after) {
        const { strike } = trouble.next;
        trouble.next = undefined;
        strike();
      }
      await turn();
      await medium.append(epoch, [entry]);
    }
  };
  return {
    ...medium,
    append(epoch, entries) {
      const written = order.then(() => write(epoch, entries));
      order = written;
      written.catch(() => undefined);
      return written;
    },
    // Held as closely as can be, so that compaction leaves nothing to those who are away.
    async *follow(from, signal) {
      for await (const page of medium.follow(from, signal)) {
        yield page;
        medium.hold(page.at(-1)?.sequence);
      }
    },
  };
}

interface Server {
  readonly replica: Replica;
  readonly trouble: { next: Trouble };
  readonly watch: ReturnType<typeof watchAll>;
  /** Changes of role come one after another. */
  lead(): Promise<void>;
  /** And follows. */
  stepDown(): Promise<void>;
  leave(): Promise<void>;
  close(): Promise<void>;
}

function watchAll(replica: Replica) {
  const events: StoreEvent[] = [];
  let expired = 0;
  const controller = new AbortController();
  const run = async () => {
    for await (const batch of replica.store.watch(
      { resource: 'pods', fromRevision: events.at(-1)?.revision ?? 0 },
      controller.signal,
    ))
      events.push(...batch);
  };
  const ended = run().catch((error: unknown) => {
    if (!(error instanceof StatusError) || error.reason !== 'Expired') throw error;
    expired++;
  });
  return {
    events,
    last: () => events.at(-1)?.revision ?? 0,
    expired: () => expired,
    stop: () => (controller.abort(), ended),
  };
}

function openServer(storage: MemoryStorage, depth: number, snapshotFromBytes: number): Server {
  const trouble: { next: Trouble } = { next: undefined };
  const medium = troubledMedium(storage, depth, trouble);
  const replica = openReplica(medium, { snapshotFromBytes, deflateFromBytes: 1500 });
  let role: Promise<void> = Promise.resolve();
  let following: { readonly stop: AbortController; readonly ended: Promise<void> } | undefined;
  const become = (next: 'leader' | 'follower' | 'nothing') => {
    role = role.then(async () => {
      following?.stop.abort();
      await following?.ended;
      following = undefined;
      await replica.stepDown('the test says so');
      const stop = new AbortController();
      if (next === 'leader') await replica.lead();
      if (next === 'follower') following = { stop, ended: replica.follow(stop.signal) };
    });
    return role;
  };
  const watch = watchAll(replica);
  return {
    ...{ replica, trouble, watch },
    lead: () => become('leader'),
    stepDown: () => become('follower'),
    async leave() {
      await become('nothing');
      medium.hold(undefined);
    },
    async close() {
      await become('nothing');
      await watch.stop();
      await replica.close();
    },
  };
}

/** What a caller knows of a transaction: each writes two objects with the transaction's number. */
interface Call {
  readonly id: number;
  outcome: 'kept' | 'not kept' | 'not known' | undefined;
}

function call({ store }: Replica, id: number, length: number): Call {
  const made: Call = { id, outcome: undefined };
  const note = `${id} ${'x'.repeat(length)}`;
  store
    .transact((draft) => {
      draft.put(podKey(`left-${id % 5}`), pod(`left-${id % 5}`, { note }));
      const odd = podKey(`odd-${id % 3}`);
      if (draft.get(odd)) draft.delete(odd);
      else draft.put(odd, pod(`odd-${id % 3}`, { note }));
      draft.put(podKey(`right-${id % 5}`), pod(`right-${id % 5}`, { note }));
    })
    .then(
      () => (made.outcome = 'kept'),
      (error: unknown) => {
        if (!(error instanceof StatusError)) throw error;
        made.outcome = error.reason === 'Timeout' ? 'not known' : 'not kept';
      },
    );
  return made;
}

const keyOf = (event: StoreEvent) => `${event.current.key.namespace}/${event.current.key.name}`;
const plain = (event: StoreEvent) => [event.revision, keyOf(event), event.deleted, event.current.object()];
const idOf = (event: StoreEvent) => Number(String(event.current.object()['note']).split(' ')[0]);

/** The state at a revision, from the events that led to it. */
function folded(events: readonly StoreEvent[], revision: number) {
  const objects = new Map<string, unknown>();
  for (const event of events.slice(0, revision)) {
    if (event.deleted) objects.delete(keyOf(event));
    else objects.set(keyOf(event), event.current.object());
  }
  return objects;
}

/** The transactions that are in the log: three writes each, one after another. */
function transactionsIn(events: readonly StoreEvent[]): number[] {
  expect(events.map(({ revision }) => revision)).to.deep.equal(events.map((_, index) => index + 1));
  const ids: number[] = [];
  for (let index = 0; index < events.length; index += 3) {
    const [left, odd, right] = events.slice(index, index + 3);
    expect([left, odd, right].map((event) => event?.current.key.name.split('-')[0])).to.deep.equal([
      'left',
      'odd',
      'right',
    ]);
    expect(idOf(right!)).to.equal(idOf(left!));
    ids.push(idOf(left!));
  }
  return ids;
}

async function sleepThrough(server: Server, writer: Server, calls: Call[], rounds: number): Promise<void> {
  await server.leave();
  await writer.lead();
  for (let round = 0; round < rounds; round++) {
    calls.push(call(writer.replica, calls.length, 500));
    for (let turns = 0; turns < 5; turns++) await turn();
  }
}

async function perform(cluster: readonly Server[], calls: Call[], step: Step): Promise<void> {
  const server = cluster[step.at]!;
  const { replica } = server;
  if (step.kind === 'write') {
    for (const group of step.groups) {
      for (const length of group) calls.push(call(replica, calls.length, length));
      await turn();
    }
  } else if (step.kind === 'cut off' || step.kind === 'fence') {
    const other = cluster[(step.at + 1) % servers]!;
    const strike = () => {
      if (step.kind === 'cut off') throw new Error('no answer');
      void other.lead();
    };
    server.trouble.next = { after: step.entries, strike };
  } else if (step.kind === 'lead') await server.lead();
  else if (step.kind === 'step down') await server.stepDown();
  else if (step.kind === 'sleep') await sleepThrough(server, cluster[(step.at + 1) % servers]!, calls, step.rounds);
  else if (step.kind === 'suspend') replica.suspend('the test says so');
  else replica.resume();
}

/** Resolves with how many servers began anew on the way. */
async function run(steps: readonly Step[], depth: number, snapshotFromBytes: number): Promise<number> {
  const storage = createMemoryStorage();
  const cluster = Array.from({ length: servers }, () => openServer(storage, depth, snapshotFromBytes));
  // Follows from the beginning and never leads: what it saw is what there was.
  const witness = openServer(storage, 1, snapshotFromBytes);
  const calls: Call[] = [];
  for (const server of [...cluster, witness]) await server.stepDown();
  await cluster[0]!.lead();
  try {
    for (const step of steps) {
      await perform(cluster, calls, step);
      await turn();
    }
    for (const server of cluster) {
      server.trouble.next = undefined;
      await server.replica.drained();
    }
    for (const server of cluster) await server.stepDown();
    await until(() => calls.every(({ outcome }) => outcome !== undefined));
    await until(() => [...cluster, witness].every(({ replica }) => replica.sequence === storage.last));
    const all = [...cluster, witness];
    await until(() =>
      all.every(({ replica: { store }, watch }) => watch.expired() > 0 || watch.last() === store.revision),
    );
    check(all, witness.watch.events, calls);
    return all.filter(({ watch }) => watch.expired() > 0).length;
  } finally {
    for (const server of [...cluster, witness]) await server.close();
  }
}

function check(cluster: readonly Server[], truth: readonly StoreEvent[], calls: readonly Call[]): void {
  const kept = transactionsIn(truth);
  expect(new Set(kept).size).to.equal(kept.length);
  for (const { id, outcome } of calls) {
    if (outcome === 'kept') expect(kept, `acknowledged ${id}`).to.include(id);
    if (outcome === 'not kept') expect(kept, `refused ${id}`).not.to.include(id);
  }
  for (const [index, { replica, watch }] of cluster.entries()) {
    expect(replica.store.revision).to.equal(truth.length);
    expect(new Map(contents(replica.store).map(([key, , object]) => [key, object]))).to.deep.equal(
      folded(truth, truth.length),
    );
    // A watch shows everything in order, or everything up to where it was told that it must begin anew.
    const expected = watch.expired() > 0 ? truth.slice(0, watch.events.length) : truth;
    expect(watch.events.map(plain), `watch of server ${index}, expired ${watch.expired()}`).to.deep.equal(
      expected.map(plain),
    );
  }
}

describe('replicas: a model', () => {
  it('loses nothing acknowledged, keeps nothing refused, shows no half, whoever leads', async function () {
    this.timeout(120_000);
    let anew = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 25 }),
        fc.constantFrom(1, 2, 4),
        fc.constantFrom(1, 3000, 1_000_000),
        async (...given) => {
          anew += await run(...given);
        },
      ),
      { numRuns: 150 },
    );
    // What is not reached is not tested.
    expect(anew).to.be.greaterThan(0);
  });
});
