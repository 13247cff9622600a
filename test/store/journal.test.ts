// The journal over memory, where every byte can be reached.
import { expect } from 'chai';
import { decodeFrame, encodeFrame } from '../../src/store/frame.ts';
import { JournalDamaged, JournalFenced } from '../../src/store/journal-errors.ts';
import type { Medium } from '../../src/store/medium.ts';
import { createMemoryMedium, createMemoryStorage, type MemoryStorage } from '../../src/store/media/memory.ts';
import type { Store } from '../../src/store/store.ts';
import { contents, openStore, pod, podKey, rejection } from '../support/store-objects.ts';

const maxEntryBytes = 1200;
const open = (storage: MemoryStorage, options = {}) => openStore(createMemoryMedium(storage, maxEntryBytes), options);
const put = (store: Store, name: string, note = '') =>
  store.transact((draft) => draft.put(podKey(name), pod(name, { note })));

async function written(...names: string[]): Promise<MemoryStorage> {
  const storage = createMemoryStorage();
  const store = await open(storage);
  for (const name of names) await put(store, name);
  await store.close();
  return storage;
}

async function refusal(storage: MemoryStorage): Promise<string> {
  const error = await rejection(open(storage));
  expect(error).to.be.instanceOf(JournalDamaged);
  return error.message;
}

const turned = (bytes: Uint8Array, at: number) => {
  const copy = Uint8Array.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 0x55;
  return copy;
};

describe('journal: the log', () => {
  it('refuses a byte turned over, wherever it is', async () => {
    const storage = await written('a', 'b', 'c');
    for (const [sequence, bytes] of storage.entries) {
      for (let at = 0; at < bytes.length; at++) {
        storage.entries.set(sequence, turned(bytes, at));
        expect(await refusal(storage)).to.contain(`entry ${sequence}`);
      }
      storage.entries.set(sequence, bytes);
    }
  });

  it('refuses an entry cut at any byte, the last one included: media never show a part of one', async () => {
    const storage = await written('a', 'b');
    const last = storage.entries.get(2)!;
    for (let at = 0; at < last.length; at++) {
      storage.entries.set(2, last.subarray(0, at));
      expect(await refusal(storage)).to.contain('entry 2');
    }
  });

  it('says what is damaged, what was found and what to do', async () => {
    const storage = await written('a', 'b', 'c');
    storage.entries.delete(2);
    const message = await refusal(storage);
    expect(message).to.contain('the journal in memory is damaged at entry 2: it is missing');
    expect(message).to.contain('Nothing was cut off').and.to.contain('Start again');
  });

  it('refuses a log without its beginning or its end', async () => {
    const headless = await written('a', 'b', 'c');
    headless.entries.delete(1);
    headless.entries.delete(2);
    expect(await refusal(headless)).to.contain('entries 1 to 2 are missing');
    const cutOff = await written('a', 'b', 'c');
    cutOff.entries.delete(3);
    expect(await refusal(cutOff)).to.contain('entries up to 3 were acknowledged, but the log ends at 2');
  });

  it('refuses entries that were exchanged, or that are of another journal', async () => {
    const storage = await written('a', 'b', 'c');
    const [second, third] = [storage.entries.get(2)!, storage.entries.get(3)!];
    storage.entries.set(2, third).set(3, second);
    expect(await refusal(storage)).to.contain('its text says that it is entry 3');
    storage.entries.set(2, (await written('x', 'y')).entries.get(2)!).set(3, third);
    expect(await refusal(storage)).to.contain('it does not follow the entry before it');
  });

  it('refuses a format that it does not know', async () => {
    const storage = await written('a');
    const newer = Buffer.from(storage.entries.get(1)!);
    newer.write('TPJ2');
    storage.entries.set(1, newer);
    expect(await refusal(storage)).to.contain('"TPJ2" is not known to this version');
  });

  it('leaves what it refuses as it is', async () => {
    const storage = await written('a', 'b', 'c');
    const entries = new Map(storage.entries);
    storage.entries.set(2, turned(entries.get(2)!, 20));
    await refusal(storage);
    await refusal(storage);
    storage.entries.set(2, entries.get(2)!);
    const store = await open(storage);
    expect(contents(store)).to.have.length(3);
    await store.close();
  });
});

describe('journal: several copies', () => {
  /** One storage, seen through copies of which the first ones lack an entry. */
  function createCopies(storage: MemoryStorage, copies: number, damaged: number): Medium & { readonly at: number } {
    const medium = createMemoryMedium(storage, maxEntryBytes);
    let at = 1;
    return {
      ...medium,
      copies,
      get at() {
        return at;
      },
      async *read(from) {
        for await (const page of medium.read(from))
          yield at <= damaged ? page.filter(({ sequence }) => sequence !== 2) : page;
      },
      elsewhere() {
        at += 1;
        return Promise.resolve();
      },
    };
  }

  it('reads another copy when one shows damage, and goes on from where it was', async () => {
    const medium = createCopies(await written('a', 'b', 'c'), 3, 2);
    const store = await openStore(medium);
    expect(Object.keys(contents(store))).to.have.length(3);
    expect(medium.at).to.equal(3);
    await store.close();
  });

  it('is damaged when all copies are', async () => {
    const medium = createCopies(await written('a', 'b', 'c'), 3, 3);
    expect(await rejection(openStore(medium))).to.be.instanceOf(JournalDamaged);
    expect(medium.at).to.equal(3);
  });
});

describe('journal: a batch of several entries', () => {
  /** A medium that dies after some entries of an append. */
  const dyingAfter = (storage: MemoryStorage, survivors: number): Medium => {
    const medium = createMemoryMedium(storage, maxEntryBytes);
    return {
      ...medium,
      async append(epoch, entries) {
        const known = storage.acknowledged;
        await medium.append(epoch, entries.slice(0, survivors));
        storage.acknowledged = known;
        throw new Error('the power went');
      },
    };
  };
  const large = 'x'.repeat(3000);

  const torn = async (survivors: number): Promise<MemoryStorage> => {
    const storage = await written('a');
    const store = await openStore(dyingAfter(storage, survivors));
    await rejection(put(store, 'large', large));
    await store.close();
    expect(storage.entries.size).to.equal(1 + survivors);
    return storage;
  };

  it('counts for nothing when its end is missing, and the log goes on after it', async () => {
    for (const survivors of [1, 2, 3]) {
      const storage = await torn(survivors);
      for (const name of ['b', 'c']) {
        const store = await open(storage);
        expect(store.get(podKey('large'))).to.equal(undefined);
        await put(store, name);
        await store.close();
      }
      const store = await open(storage);
      expect(contents(store).map(([key, revision]) => [key, revision])).to.deep.equal([
        ['default/a', 1],
        ['default/b', 2],
        ['default/c', 3],
      ]);
      await store.close();
    }
  });

  it('is damage when its middle is missing', async () => {
    const storage = createMemoryStorage();
    const store = await open(storage);
    await put(store, 'large', large);
    await put(store, 'b');
    await store.close();
    storage.entries.delete(2);
    expect(await refusal(storage)).to.contain('entry 2');
  });

  it('is damage when the same writer went on without having finished it', async () => {
    const storage = await torn(1);
    const last = await torn(2);
    const store = await open(last);
    await put(store, 'b');
    await store.close();
    // An entry of a later epoch after one part of the batch, in the place of its second part.
    storage.entries.set(3, last.entries.get(4)!);
    expect(await refusal(storage)).to.contain('entry 3');
  });

  it('survives compression', async () => {
    const storage = createMemoryStorage();
    const store = await open(storage, { deflateFromBytes: 1000 });
    await put(store, 'large', large);
    await store.close();
    expect(storage.entries.size).to.equal(1);
    const again = await open(storage);
    expect(again.get(podKey('large'))?.object()['note']).to.equal(large);
    await again.close();
  });
});

describe('journal: snapshots', () => {
  const random = (length: number) => Array.from({ length }, () => Math.random().toString(36).slice(2, 8)).join('');

  /** A storage whose log begins after a snapshot of several pieces. */
  const compacted = async (): Promise<MemoryStorage> => {
    const storage = createMemoryStorage();
    const store = await open(storage, { snapshotFromBytes: 1 });
    const isCompacted = () => [...storage.snapshots.values()].some(({ seal, pieces }) => seal && pieces.size > 1);
    for (let round = 0; round < 5 || !isCompacted() || storage.entries.has(1); round++) {
      await put(store, `pod-${round % 5}`, random(300));
    }
    await store.close();
    return storage;
  };

  it('refuses a byte turned over in any piece or seal', async () => {
    const storage = await compacted();
    const [[sequence, snapshot]] = [...storage.snapshots].filter(([, { seal }]) => seal) as [
      [number, { pieces: Map<number, Uint8Array>; seal: Uint8Array }],
    ];
    for (const [index, bytes] of snapshot.pieces) {
      for (let at = 0; at < bytes.length; at += 7) {
        snapshot.pieces.set(index, turned(bytes, at));
        expect(await refusal(storage)).to.contain(`snapshot ${sequence}`);
      }
      snapshot.pieces.set(index, bytes);
    }
    const { seal } = snapshot;
    for (let at = 0; at < seal.length; at++) {
      snapshot.seal = turned(seal, at);
      expect(await refusal(storage)).to.contain(`the seal of snapshot ${sequence}`);
    }
  });

  it('refuses a snapshot with a piece missing, or without its seal', async () => {
    for (const missing of ['first', 'last', 'seal']) {
      const storage = await compacted();
      for (const snapshot of storage.snapshots.values()) {
        if (missing === 'seal') snapshot.seal = undefined;
        else snapshot.pieces.delete(missing === 'first' ? 0 : snapshot.pieces.size - 1);
      }
      expect(await refusal(storage)).to.match(missing === 'seal' ? /entries 1 to \d+ are missing/ : /snapshot \d+/);
    }
  });

  it('refuses a piece that is of another snapshot, whatever it says of itself', async () => {
    const pieces = async () => {
      const storage = await compacted();
      const [sequence = 0] = storage.snapshots.keys();
      return { storage, sequence, pieces: storage.snapshots.get(sequence)?.pieces ?? new Map<number, Uint8Array>() };
    };
    const [one, other] = [await pieces(), await pieces()];
    const last = one.pieces.size - 1;
    const { head, payload } = decodeFrame(other.pieces.get(last) ?? other.pieces.get(0)!);
    one.pieces.set(last, encodeFrame({ ...head, sequence: one.sequence, index: last }, payload).bytes);
    expect(await refusal(one.storage)).to.contain(`piece ${last} is missing or of another snapshot`);
  });

  it('ignores an interrupted snapshot and removes it', async () => {
    const storage = await written('a');
    storage.snapshots.set(1, { pieces: new Map([[0, Buffer.from('half')]]), seal: undefined });
    const store = await open(storage);
    expect(contents(store)).to.have.length(1);
    await store.close();
    expect(storage.snapshots.size).to.equal(0);
  });

  it('goes on without a snapshot when one cannot be written', async () => {
    const storage = createMemoryStorage();
    const medium: Medium = {
      ...createMemoryMedium(storage),
      putPiece: () => Promise.reject(new Error('no space left on device')),
    };
    const store = await openStore(medium, { snapshotFromBytes: 1 });
    for (let round = 0; round < 50; round++) await put(store, `pod-${round}`);
    await store.close();
    const again = await open(storage);
    expect(contents(again)).to.have.length(50);
    await again.close();
  });
});

describe('journal: fencing', () => {
  it('ends the old writer: its write fails, and every later one', async () => {
    const storage = createMemoryStorage();
    const failures: unknown[] = [];
    const old = await open(storage, { onDeposed: (error: unknown) => failures.push(error) });
    await put(old, 'a');
    const leader = await open(storage);
    const first = await rejection(put(old, 'b'));
    expect(first.cause).to.be.instanceOf(JournalFenced);
    expect((await rejection(put(old, 'c'))).message).to.contain('another server has taken over');
    expect(failures).to.have.length(1);
    expect([old.revision, contents(old).length]).to.deep.equal([1, 1]);
    await put(leader, 'd');
    await Promise.all([old.close(), leader.close()]);
    const again = await open(storage);
    expect(contents(again).map(([key]) => key)).to.deep.equal(['default/a', 'default/d']);
    await again.close();
  });
});
