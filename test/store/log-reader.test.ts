// The rules of the log, with entries made by hand: what no writer of ours would write.
import { expect } from 'chai';
import { createIntern, encodeBatch } from '../../src/store/batch.ts';
import { encodeFrame, type FrameHead } from '../../src/store/frame.ts';
import { JournalDamaged } from '../../src/store/journal-errors.ts';
import { createLogReader } from '../../src/store/log-reader.ts';
import { logStart } from '../../src/store/log-writer.ts';

const place = { description: 'the journal', remedy: 'Put it back.' };

const batchOf = (...revisions: number[]) =>
  encodeBatch({
    fieldsVersion: '1',
    records: revisions.map((revision) => ({
      kind: 'delete',
      revision,
      key: { resource: 'pods', namespace: 'n', name: 'x' },
    })),
  });

/** Writes entries one after another, each following the one before it in everything that is not given. */
function logOf(...entries: (Partial<FrameHead> & { payload?: Uint8Array })[]) {
  let previous = logStart.checksum;
  return entries.map(({ payload = Buffer.from('part'), ...given }, at) => {
    const head = { kind: 'log', epoch: 1, sequence: at + 1, part: 1, parts: 1, index: 0, inflatedLength: 0 } as const;
    const frame = encodeFrame({ ...head, previous, ...given }, payload);
    previous = frame.checksum;
    return { sequence: at + 1, bytes: frame.bytes };
  });
}

function read(entries: ReturnType<typeof logOf>) {
  const revisions: number[][] = [];
  const reader = createLogReader(place, logStart, createIntern(), ({ records }) =>
    revisions.push(records.map(({ revision }) => revision)),
  );
  for (const entry of entries) reader.accept(entry);
  return { revisions, torn: reader.torn };
}

const good = { payload: batchOf(1) };

describe('log reader', () => {
  it('takes batches in order, across writers', () => {
    const log = logOf(good, { epoch: 4, payload: batchOf(2, 3) });
    expect(read(log)).to.deep.equal({ revisions: [[1], [2, 3]], torn: 0 });
  });

  it('leaves out an unfinished batch at the end, and before the first batch of a later writer', () => {
    expect(read(logOf(good, { parts: 3 }, { part: 2, parts: 3 }))).to.deep.equal({ revisions: [[1]], torn: 2 });
    const abandoned = logOf(good, { parts: 3 }, { epoch: 2, payload: batchOf(2) });
    expect(read(abandoned)).to.deep.equal({ revisions: [[1], [2]], torn: 0 });
  });

  const damages: [string, ReturnType<typeof logOf>, string][] = [
    ['an unfinished batch before another of the same writer', logOf({ parts: 2 }, good), 'expected part 2 of a batch'],
    ['the rest of a batch by another writer', logOf({ parts: 2 }, { part: 2, parts: 2, epoch: 2 }), 'expected part 2'],
    ['a batch without its beginning', logOf({ part: 2, parts: 2 }), 'expected part 1 of a batch, found part 2 of 2'],
    [
      'an entry of an older writer',
      logOf({ ...good, epoch: 2 }, { payload: batchOf(2) }),
      'its epoch 1 is older than 2',
    ],
    ['a missing revision', logOf(good, { payload: batchOf(3) }), 'expected revision 2, found 3'],
    ['a repeated revision', logOf(good, { payload: batchOf(1) }), 'expected revision 2, found 1'],
    [
      'something that is not of the log',
      logOf({ ...good, kind: 'piece' }),
      'expected an entry of the log, found a piece',
    ],
    [
      'a payload with something left over',
      logOf({ payload: Buffer.concat([batchOf(1), Buffer.from('x')]) }),
      'bytes of payload',
    ],
  ];
  for (const [name, log, found] of damages) {
    it(`refuses ${name}`, () => expect(() => read(log)).to.throw(JournalDamaged, found));
  }
});
