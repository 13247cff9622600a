// One place in the line of candidates: taken at its end, waited in behind one predecessor, given up as a whole.
import type { WriteOp, WriteOutcome } from '../../zookeeper/zookeeper.ts';
import type { ServerFacts } from '../election.ts';
import { ask, pauseBeforeRetry, type Ensemble } from '../../zookeeper/ask.ts';
import {
  candidatePrefix,
  candidates,
  electionPath,
  encodeDocument,
  leaderPath,
  nameOf,
  predecessor,
} from './layout.ts';
import type { SessionScope } from './session-scope.ts';
import { createWake } from '../../lib/wake.ts';

/** What a candidate has in ZooKeeper; it stays for as long as the session, or until it is given up. */
export interface Place {
  readonly candidate: string;
  /** Paths made when the leader was announced. */
  announced: readonly string[];
}

/**
 * Stands at the end of the line. An answer that did not come is decided by looking for a candidate of our session, so
 * that there is never a second one that nobody cares for, and that would hold up the line.
 */
export async function takePlace(
  ensemble: Ensemble,
  self: ServerFacts,
  scope: SessionScope,
  signal: AbortSignal,
): Promise<Place> {
  const { zookeeper } = ensemble;
  const create: WriteOp = { kind: 'create', path: candidatePrefix, data: encodeDocument(self), ...ofSession };
  for (let failures = 1; ; failures++) {
    await ask(ensemble, signal, () => zookeeper.ensurePath(electionPath));
    const outcome = await zookeeper.write([create], scope.number);
    if (outcome.kind === 'done') return placeOf(outcome.paths[0] ?? '');
    ensemble.log.warn({ outcome }, 'this server could not stand as a candidate');
    const own = await keepOne(ensemble, scope, signal);
    if (own !== undefined) return placeOf(own);
    await pauseBeforeRetry(ensemble, failures, signal);
  }
}

const ofSession = { ephemeral: true, sequential: true } as const;
const placeOf = (candidate: string): Place => ({ candidate, announced: [] });

/** The first of our candidates, after removing the others, once it is decided which there are. */
async function keepOne(ensemble: Ensemble, scope: SessionScope, signal: AbortSignal): Promise<string | undefined> {
  const { zookeeper } = ensemble;
  const [first, ...others] = await ask(ensemble, signal, async () => {
    await zookeeper.settle();
    const paths = candidates((await zookeeper.children(electionPath)) ?? []).map((name) => `${electionPath}/${name}`);
    const stats = await Promise.all(paths.map((path) => zookeeper.exists(path)));
    return paths.filter((_, index) => stats[index]?.owner === zookeeper.sessionId);
  });
  for (const path of others) await zookeeper.write([{ kind: 'delete', path }], scope.number);
  return first;
}

/**
 * Resolves with true once nobody is before us: no candidate, and no leader who has yet to take notice of having lost its
 * place. With false when our candidate was removed by somebody else. Rejects when the signal aborts.
 */
export async function untilFirst(ensemble: Ensemble, { candidate }: Place, signal: AbortSignal): Promise<boolean> {
  for (;;) {
    const changed = createWake();
    const answer = await ask(ensemble, signal, () => lookAhead(ensemble, nameOf(candidate), changed.wake));
    if (answer === 'first') return true;
    if (answer === 'gone') return false;
    if (answer === 'behind') await changed.wait(signal);
  }
}

/** One look at the line, with a watch on what is before us, and on nothing else: a leaving leader wakes one server. */
async function lookAhead(
  ensemble: Ensemble,
  own: string,
  onChange: () => void,
): Promise<'first' | 'gone' | 'behind' | 'look again'> {
  const { zookeeper } = ensemble;
  const names = (await zookeeper.children(electionPath)) ?? [];
  if (!names.includes(own)) return 'gone';
  const before = predecessor(names, own);
  if (before !== undefined) {
    return (await zookeeper.exists(`${electionPath}/${before}`, onChange)) ? 'behind' : 'look again';
  }
  const leader = await zookeeper.exists(leaderPath, onChange);
  if (!leader) return 'first';
  // A leader's znode goes with its session or its place. One that cannot go by itself was made by hand, or was left by
  // an earlier turn of ours; any other is its owner's to remove, once that has stopped acting.
  if (leader.owner !== '0' && leader.owner !== zookeeper.sessionId) return 'behind';
  await zookeeper.write([{ kind: 'delete', path: leaderPath }]);
  return 'look again';
}

/**
 * Gives up the place and all that was announced from it, in one transaction: so the next in line finds nothing to wait
 * for. Resolves when it is done, when the session is over, which does the same, or, with `isLeaving`, when the ensemble
 * cannot be asked now.
 */
export async function giveUp(
  ensemble: Ensemble,
  place: Place,
  scope: SessionScope,
  isLeaving: () => boolean,
): Promise<void> {
  const { zookeeper, log } = ensemble;
  let paths = [place.candidate, ...place.announced];
  for (let failures = 1; paths.length > 0 && !scope.ended.aborted; failures++) {
    if (isLeaving() && zookeeper.state !== 'connected') return;
    const outcome = await zookeeper.write(
      paths.map((path) => ({ kind: 'delete', path })),
      scope.number,
    );
    if (outcome.kind === 'done') return;
    if (isAbsent(outcome)) {
      paths = await remaining(ensemble, paths, outcome.op, scope.ended).catch(() => []);
      continue;
    }
    log.warn({ outcome }, 'the place in the election could not be given up yet');
    await settled(ensemble, failures, scope.ended);
  }
}

type Refused = Extract<WriteOutcome, { kind: 'refused' }>;

const isAbsent = (outcome: WriteOutcome): outcome is Refused =>
  outcome.kind === 'refused' && outcome.code === 'no-node';

/** Without the one that is not there. The leader's name is not ours alone: it is removed only while it is ours. */
async function remaining(
  ensemble: Ensemble,
  paths: readonly string[],
  absent: number,
  signal: AbortSignal,
): Promise<string[]> {
  const { zookeeper } = ensemble;
  const rest = paths.filter((_, index) => index !== absent);
  if (!rest.includes(leaderPath)) return rest;
  const leader = await ask(ensemble, signal, () => zookeeper.exists(leaderPath));
  return leader?.owner === zookeeper.sessionId ? rest : rest.filter((path) => path !== leaderPath);
}

/** Until what was sent is decided, or the session is over. */
export async function settled(ensemble: Ensemble, failures: number, signal: AbortSignal): Promise<void> {
  try {
    await pauseBeforeRetry(ensemble, failures, signal);
    await ask(ensemble, signal, () => ensemble.zookeeper.settle());
  } catch {
    // The session is over, and everything that was made in it goes with it.
  }
}
