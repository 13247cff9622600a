// What readers still need: an ephemeral znode for each, so that the writer does not remove it.
//
// A hold that is made, or moved back, changes the version of the parent as well. The writer that removes something checks
// that version in the same transaction: either it saw the hold, or the reader sees what was removed.
import { randomUUID } from 'node:crypto';
import { ZookeeperUnavailable, type WriteOp, type Zookeeper } from '../../zookeeper/zookeeper.ts';
import { json, noBytes, readersPath } from './zookeeper-layout.ts';
import type { Patience } from './zookeeper-patience.ts';

export interface Holds {
  readonly wanted: number | undefined;
  hold(sequence: number | undefined): void;
  /** Resolves when the ensemble knows what is held. Rejects with ZookeeperUnavailable as soon as it cannot be asked. */
  settled(): Promise<void>;
  /** Lets go. Does not wait for an ensemble that is away: what is ephemeral ends with the session. */
  close(): Promise<void>;
}

interface Written {
  readonly path: string;
  readonly session: number;
  /** Undefined: whether it is there is not known. */
  readonly sequence: number | undefined;
}

/** A hold may lie this far behind what is needed: a write for every entry would double the load of a busy log. */
const slack = 500;

/** Writes without success, one after the other: what ZooKeeper will not take is not held, and the writer does not wait. */
const maxRounds = 20;

const noted = (sequence: number | undefined) => (sequence === undefined ? noBytes : json({ sequence }));
const raise: WriteOp = { kind: 'set', path: readersPath, data: noBytes };

/** What a znode below `readers` says; undefined: nothing that we understand. */
export function heldBy(data: Uint8Array): number | undefined {
  try {
    const { sequence } = JSON.parse(Buffer.from(data).toString()) as { sequence?: unknown };
    return typeof sequence === 'number' ? sequence : undefined;
  } catch {
    return undefined;
  }
}

interface Next {
  readonly ops: readonly WriteOp[];
  readonly path: string;
  /** What is there when it is done. */
  readonly after: Written | undefined;
}

/** The write that brings what is there to what is wanted. */
function nextWrite(path: string, session: number, here: Written | undefined, wanted: number | undefined): Next {
  if (wanted === undefined) return { ops: [{ kind: 'delete', path }], path, after: undefined };
  const after = { path, session, sequence: wanted };
  const data = noted(wanted);
  if (!here) return { ops: [raise, { kind: 'create', path, data, ephemeral: true }], path, after };
  const isForward = here.sequence !== undefined && here.sequence <= wanted;
  return { ops: [...(isForward ? [] : [raise]), { kind: 'set', path, data }], path, after };
}

function isEnough(here: Written | undefined, wanted: number | undefined): boolean {
  if (here === undefined || wanted === undefined) return here === undefined && wanted === undefined;
  return here.sequence !== undefined && here.sequence <= wanted && wanted - here.sequence < slack;
}

/** @param closed aborts when the medium is closed */
export function createHolds(zookeeper: Zookeeper, patience: Patience, closed: AbortSignal): Holds {
  const name = randomUUID();
  let wanted: number | undefined;
  let written: Written | undefined;
  let underWay: Promise<void> | undefined;

  const here = () => (written?.session === zookeeper.session ? written : undefined);
  const isCurrent = () => isEnough(here(), wanted);
  const next = () => nextWrite(`${readersPath}/${name}-${zookeeper.session}`, zookeeper.session, here(), wanted);

  const step = async () => {
    const { session } = zookeeper;
    const { ops, path, after } = next();
    const outcome = await zookeeper.write(ops, session);
    if (outcome.kind === 'done') {
      written = after;
      return;
    }
    await zookeeper.settle();
    const found = await zookeeper.get(path);
    written = found && { path, session, sequence: heldBy(found.data) };
  };

  const work = async () => {
    for (let round = 0; round < maxRounds && !isCurrent() && !closed.aborted; round++) {
      if (zookeeper.state !== 'connected') await patience.forAny(closed);
      await patience.always(step, closed);
    }
  };

  const start = (): Promise<void> => {
    underWay ??= work()
      // Only when the medium is closed meanwhile.
      .catch(() => undefined)
      .finally(() => (underWay = undefined));
    return underWay;
  };
  const update = () => {
    if (!isCurrent()) void start();
  };
  const stopListening = zookeeper.onChange(update);

  return {
    get wanted() {
      return wanted;
    },
    hold(sequence) {
      wanted = sequence;
      update();
    },
    async settled() {
      if (!isCurrent()) await whileConnected(zookeeper, start());
      if (!isCurrent()) throw new ZookeeperUnavailable('what this server still needs could not be made known');
    },
    async close() {
      stopListening();
      wanted = undefined;
      await underWay;
      if (here() && patience.isAlive(zookeeper.session)) await zookeeper.write(next().ops, zookeeper.session);
    },
  };
}

/** What is under way waits for the ensemble in any session; who asks may not wait so long. */
async function whileConnected(zookeeper: Zookeeper, underWay: Promise<void>): Promise<void> {
  let disconnected: () => void = () => undefined;
  const over = new Promise<void>((resolve) => (disconnected = resolve));
  const look = () => {
    if (zookeeper.state !== 'connected') disconnected();
  };
  const stop = zookeeper.onChange(look);
  look();
  await Promise.race([underWay, over]).finally(stop);
}
