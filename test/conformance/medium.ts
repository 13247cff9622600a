// What every medium of the journal must do.
import { expect } from 'chai';
import { JournalDropped, JournalFenced } from '../../src/store/journal-errors.ts';
import type { Entry, Medium } from '../../src/store/medium.ts';
import { rejection } from '../support/store-objects.ts';

/** One place that can be opened again and again, one medium at a time. */
export interface MediumPlace {
  open(): Promise<Medium>;
  remove(): Promise<void>;
}

const entry = (sequence: number, text = `entry ${sequence}`): Entry => ({ sequence, bytes: Buffer.from(text) });
const textOf = ({ sequence, bytes }: Entry) => `${sequence}: ${Buffer.from(bytes).toString()}`;

async function collect(pages: AsyncIterable<readonly Entry[]>): Promise<string[]> {
  const texts: string[] = [];
  for await (const page of pages) texts.push(...page.map(textOf));
  return texts;
}

async function compact(medium: Medium, epoch: number, snapshot: number): Promise<void> {
  await medium.putPiece(epoch, snapshot, 0, Buffer.from('piece'));
  await medium.sealSnapshot(epoch, snapshot, Buffer.from('seal'));
  await medium.dropBelow(epoch, snapshot);
}

export function describeMedium(name: string, createPlace: () => Promise<MediumPlace>): void {
  describe(`medium: ${name}`, () => {
    let place: MediumPlace;
    let medium: Medium;

    beforeEach(async () => {
      place = await createPlace();
      medium = await place.open();
    });
    afterEach(async () => {
      await medium.close();
      await place.remove();
    });
    const reopen = async () => {
      await medium.close();
      medium = await place.open();
    };

    it('is empty at first', async () => {
      expect(await collect(medium.read(1))).to.deep.equal([]);
      expect(await medium.snapshots()).to.deep.equal([]);
      expect(await medium.acknowledged()).to.equal(0);
    });

    it('says when it can be asked', async () => {
      await medium.reachable(new AbortController().signal);
    });

    it('says what it is, and what to do when it is damaged', () => {
      expect(medium.description).to.match(/journal/);
      expect(medium.remedy).to.match(/\.$/);
      expect(medium.maxEntryBytes).to.be.greaterThan(1000);
    });

    it('keeps appended entries in order, across openings', async () => {
      const epoch = await medium.claim();
      await medium.append(epoch, [entry(1)]);
      await medium.append(epoch, [entry(2), entry(3)]);
      await reopen();
      expect(await collect(medium.read(1))).to.deep.equal(['1: entry 1', '2: entry 2', '3: entry 3']);
      expect(await collect(medium.read(3))).to.deep.equal(['3: entry 3']);
      expect(await collect(medium.read(4))).to.deep.equal([]);
    });

    it('reads more entries than fit on a page', async () => {
      const epoch = await medium.claim();
      const entries = Array.from({ length: 2500 }, (_, at) => entry(at + 1));
      await medium.append(epoch, entries);
      expect(await collect(medium.read(1))).to.deep.equal(entries.map(textOf));
    });

    it('keeps an entry of the largest size', async () => {
      const bytes = Buffer.alloc(medium.maxEntryBytes, 'x');
      await medium.append(await medium.claim(), [{ sequence: 1, bytes }]);
      await reopen();
      for await (const [first] of medium.read(1)) expect(bytes.equals(first!.bytes)).to.equal(true);
    });

    it('knows what was acknowledged, or nothing, but never too much', async () => {
      const epoch = await medium.claim();
      await medium.append(epoch, [entry(1), entry(2)]);
      await reopen();
      expect(await medium.acknowledged()).to.be.oneOf([0, 2]);
    });

    it('refuses an append that leaves a gap or repeats an entry', async () => {
      const epoch = await medium.claim();
      await medium.append(epoch, [entry(1)]);
      await rejection(medium.append(epoch, [entry(3)]));
      await rejection(medium.append(epoch, [entry(1, 'another')]));
      expect(await collect(medium.read(1))).to.deep.equal(['1: entry 1']);
    });

    it('gives ever greater epochs', async () => {
      const first = await medium.claim();
      await reopen();
      const second = await medium.claim();
      await reopen();
      expect([second > first, (await medium.claim()) > second]).to.deep.equal([true, true]);
      expect([await medium.claim(second + 10), await medium.claim(1)]).to.deep.equal([second + 11, second + 12]);
    });

    it('refuses the writes of an earlier epoch', async () => {
      const old = await medium.claim();
      await medium.append(old, [entry(1)]);
      const epoch = await medium.claim();
      const writes = [
        () => medium.append(old, [entry(2)]),
        () => medium.putPiece(old, 1, 0, Buffer.from('piece')),
        () => medium.sealSnapshot(old, 1, Buffer.from('seal')),
        () => medium.dropBelow(old, 1),
      ];
      for (const write of writes) expect(await rejection(write())).to.be.instanceOf(JournalFenced);
      expect(await collect(medium.read(1))).to.deep.equal(['1: entry 1']);
      await medium.append(epoch, [entry(2)]);
    });

    it('keeps snapshots, and tells sealed ones from interrupted ones', async () => {
      const epoch = await medium.claim();
      await medium.append(epoch, [entry(1), entry(2)]);
      await medium.putPiece(epoch, 1, 0, Buffer.from('half'));
      for (let index = 0; index < 12; index++) await medium.putPiece(epoch, 2, index, Buffer.from(`piece ${index}`));
      await medium.sealSnapshot(epoch, 2, Buffer.from('whole'));
      await reopen();
      const heads = await medium.snapshots();
      expect(heads.map(({ sequence, seal }) => [sequence, seal && Buffer.from(seal).toString()])).to.deep.equal([
        [1, undefined],
        [2, 'whole'],
      ]);
      const expected = Array.from({ length: 12 }, (_, index) => `${index}: piece ${index}`);
      expect(await collect(medium.readPieces(2))).to.deep.equal(expected);
    });

    it('replaces a piece that is written again', async () => {
      const epoch = await medium.claim();
      await medium.putPiece(epoch, 1, 0, Buffer.from('old'));
      await medium.putPiece(epoch, 1, 0, Buffer.from('new'));
      expect(await collect(medium.readPieces(1))).to.deep.equal(['0: new']);
    });

    it('drops what a snapshot replaces, and goes on from there', async () => {
      const epoch = await medium.claim();
      await medium.append(epoch, [entry(1), entry(2), entry(3)]);
      for (const snapshot of [1, 2]) await medium.putPiece(epoch, snapshot, 0, Buffer.from('piece'));
      await medium.sealSnapshot(epoch, 2, Buffer.from('seal'));
      await medium.dropBelow(epoch, 2);
      await reopen();
      expect((await medium.snapshots()).map(({ sequence }) => sequence)).to.deep.equal([2]);
      expect(await collect(medium.readPieces(1))).to.deep.equal([]);
      expect(await collect(medium.read(3))).to.deep.equal(['3: entry 3']);
    });

    it('says that what a reader asks for was dropped', async () => {
      const epoch = await medium.claim();
      await medium.append(epoch, [entry(1), entry(2)]);
      await compact(medium, epoch, 2);
      for (const from of [1, 2]) expect(await rejection(collect(medium.read(from)))).to.be.instanceOf(JournalDropped);
      const { signal } = new AbortController();
      expect(await rejection(collect(medium.follow(1, signal)))).to.be.instanceOf(JournalDropped);
      expect(await collect(medium.read(3))).to.deep.equal([]);
    });

    it('keeps what a reader holds until it lets go', async () => {
      const epoch = await medium.claim();
      await medium.append(epoch, [entry(1), entry(2), entry(3)]);
      await compact(medium, epoch, 1);
      medium.hold(1);
      await compact(medium, epoch, 3);
      expect(await collect(medium.read(2))).to.deep.equal(['2: entry 2', '3: entry 3']);
      expect(await collect(medium.readPieces(1))).to.deep.equal(['0: piece']);
      expect((await medium.snapshots()).map(({ sequence }) => sequence)).to.deep.equal([1, 3]);
      medium.hold(undefined);
      await medium.dropBelow(epoch, 3);
      expect(await rejection(collect(medium.read(2)))).to.be.instanceOf(JournalDropped);
      expect((await medium.snapshots()).map(({ sequence }) => sequence)).to.deep.equal([3]);
    });

    it('keeps the order of as many appends at a time as it allows', async () => {
      const epoch = await medium.claim();
      const under = new Set<Promise<void>>();
      const answered: number[] = [];
      for (let sequence = 1; sequence <= 50; sequence += 2) {
        if (under.size >= medium.depth) await Promise.race(under);
        const appended = medium.append(epoch, [entry(sequence), entry(sequence + 1)]).then(() => {
          answered.push(sequence);
          under.delete(appended);
        });
        under.add(appended);
      }
      await Promise.all(under);
      expect(answered).to.deep.equal(Array.from({ length: 25 }, (_, at) => 2 * at + 1));
      const expected = Array.from({ length: 50 }, (_, at) => textOf(entry(at + 1)));
      expect(await collect(medium.read(1))).to.deep.equal(expected);
    });

    it('removes many entries, and goes on', async function () {
      this.timeout(60_000);
      const epoch = await medium.claim();
      const entries = Array.from({ length: 2500 }, (_, at) => entry(at + 1));
      await medium.append(epoch, entries);
      await compact(medium, epoch, 2200);
      await medium.append(epoch, [entry(2501)]);
      const left = await collect(medium.read(2201));
      expect([left.length, left[0], left.at(-1)]).to.deep.equal([301, '2201: entry 2201', '2501: entry 2501']);
      expect(await rejection(collect(medium.read(2200)))).to.be.instanceOf(JournalDropped);
    });

    it('continues after a snapshot that covers more than the log ever held', async () => {
      const epoch = await medium.claim();
      await medium.putPiece(epoch, 1007, 0, Buffer.from('piece'));
      await medium.sealSnapshot(epoch, 1007, Buffer.from('seal'));
      await reopen();
      const next = await medium.claim();
      await medium.append(next, [entry(1008)]);
      expect(await collect(medium.read(1008))).to.deep.equal(['1008: entry 1008']);
    });

    it('continues the log when a snapshot replaced all of it', async () => {
      let epoch = await medium.claim();
      await medium.append(epoch, [entry(1), entry(2)]);
      await medium.putPiece(epoch, 2, 0, Buffer.from('piece'));
      await medium.sealSnapshot(epoch, 2, Buffer.from('seal'));
      await medium.dropBelow(epoch, 2);
      await reopen();
      epoch = await medium.claim();
      await medium.append(epoch, [entry(3)]);
      expect(await collect(medium.read(3))).to.deep.equal(['3: entry 3']);
    });

    it('lets a standby follow the log until it has enough', async () => {
      const epoch = await medium.claim();
      await medium.append(epoch, [entry(1)]);
      const controller = new AbortController();
      const seen: string[] = [];
      for await (const page of medium.follow(1, controller.signal)) {
        seen.push(...page.map(textOf));
        if (seen.length === 1) void medium.append(epoch, [entry(2), entry(3)]);
        if (seen.length === 3) controller.abort();
      }
      expect(seen).to.deep.equal(['1: entry 1', '2: entry 2', '3: entry 3']);
    });

    it('lets go of a standby that waits', async () => {
      const controller = new AbortController();
      const ended = collect(medium.follow(1, controller.signal));
      controller.abort();
      expect(await ended).to.deep.equal([]);
    });
  });
}
