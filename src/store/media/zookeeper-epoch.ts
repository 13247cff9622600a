// Who may write: the claim of an epoch, and writes that are done only while it is the newest.
//
// The fence is the version of one znode: every write of a writer is a transaction that first checks it. A claim and all
// writes under it belong to the session in which it was claimed; a server that lost its session lost its place.
import { randomUUID } from 'node:crypto';
import type { WriteOp, WriteOutcome, Znode, Zookeeper } from '../../zookeeper/zookeeper.ts';
import { JournalDamaged, JournalFenced, JournalUnavailable, type JournalPlace } from '../journal-errors.ts';
import { epochPath, json } from './zookeeper-layout.ts';
import type { Patience } from './zookeeper-patience.ts';

export interface Claim {
  readonly epoch: number;
  readonly session: number;
  /** To be the first operation of every transaction. */
  readonly check: WriteOp;
}

type Refused = Extract<WriteOutcome, { kind: 'refused' }>;

export interface Fence {
  /** Becomes the writer, with an epoch greater than `above`. Rejects with JournalUnavailable when the session is lost. */
  claim(above: number): Promise<Claim>;
  /**
   * Does a fenced transaction for certain: after an answer that was lost it asks `isDone`, and tries again. `check` is
   * added in front, so `op` of a refusal counts from 1. Rejects with JournalFenced and JournalUnavailable.
   */
  write(claim: Claim, ops: readonly WriteOp[], isDone: () => Promise<boolean>): Promise<Refused | undefined>;
  /** The error of a writer whose epoch is not the newest. */
  fenced(epoch: number): Promise<JournalFenced>;
  /** Throws it when somebody else has claimed. */
  verify(claim: Claim): Promise<void>;
}

interface EpochData {
  readonly epoch: number;
  /** Tells a claim from another one of the same number, when its answer was lost. */
  readonly claim?: string;
}

export function createFence(zookeeper: Zookeeper, place: JournalPlace, patience: Patience): Fence {
  const read = async (): Promise<{ znode: Znode; data: EpochData }> => {
    const znode = await zookeeper.get(epochPath);
    if (!znode) throw new JournalDamaged(place, epochPath, 'it is missing');
    return { znode, data: parsed(place, znode) };
  };

  const settled = async () => {
    await zookeeper.settle();
    return read();
  };

  const fenced = async (epoch: number) => {
    // The number is for the message; what matters is that it is not ours.
    const newest = await read().then(
      ({ data }) => data.epoch,
      () => epoch + 1,
    );
    return new JournalFenced(place, epoch, newest);
  };

  return {
    fenced,
    async claim(above) {
      const { session } = zookeeper;
      for (;;) {
        const claim = await tryToClaim({ zookeeper, place, patience }, settled, session, above);
        if (claim) return claim;
      }
    },
    async write(claim, ops, isDone) {
      for (;;) {
        const outcome = await zookeeper.write([claim.check, ...ops], claim.session);
        if (outcome.kind === 'done') return undefined;
        if (outcome.kind === 'refused') {
          if (outcome.op === 0) throw await fenced(claim.epoch);
          return outcome;
        }
        await patience.forSession(claim.session);
        const done = await patience.read(async () => {
          await zookeeper.settle();
          return isDone();
        }, claim.session);
        if (outcome.kind === 'unknown' && done) return undefined;
      }
    },
    async verify(claim) {
      const { znode } = await read();
      if (claim.check.kind === 'check' && znode.stat.version !== claim.check.version) throw await fenced(claim.epoch);
    },
  };
}

/** Undefined: another claim came between. */
async function tryToClaim(
  { zookeeper, place, patience }: { zookeeper: Zookeeper; place: JournalPlace; patience: Patience },
  read: () => Promise<{ znode: Znode; data: EpochData }>,
  session: number,
  above: number,
): Promise<Claim | undefined> {
  const { znode, data } = await patience.read(read, session);
  const { version } = znode.stat;
  const next = { epoch: Math.max(data.epoch, above) + 1, claim: randomUUID() };
  const outcome = await zookeeper.write([{ kind: 'set', path: epochPath, data: json(next), version }], session);
  if (outcome.kind === 'refused' && outcome.code !== 'bad-version') throw refusal(place, epochPath, outcome);
  if (outcome.kind === 'refused') return undefined;
  if (outcome.kind !== 'done') {
    await patience.forSession(session);
    if ((await patience.read(read, session)).data.claim !== next.claim) return undefined;
  }
  return { epoch: next.epoch, session, check: { kind: 'check', path: epochPath, version: version + 1 } };
}

function parsed(place: JournalPlace, znode: Znode): EpochData {
  const text = Buffer.from(znode.data).toString();
  try {
    const data = JSON.parse(text) as EpochData;
    if (Number.isSafeInteger(data.epoch)) return data;
  } catch {
    // Said below, with what was found.
  }
  throw new JournalDamaged(place, epochPath, `expected {"epoch":…}, found ${JSON.stringify(text)}`);
}

/** The error for a refusal that nothing explains. */
export function refusal(place: JournalPlace, what: string, { code }: Refused): JournalUnavailable {
  const hint = code === 'no-authority' ? ': start with the credentials that it was made with' : '';
  return new JournalUnavailable(`ZooKeeper refused to write ${what} of ${place.description}: ${code}${hint}`);
}
