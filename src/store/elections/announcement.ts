// The leader's znode and the one for Mesos' detectors: made together, only from a place that is still held.
import type { WriteOp } from '../../zookeeper/zookeeper.ts';
import type { Leader } from '../election.ts';
import { ask, type Ensemble } from '../../zookeeper/ask.ts';
import { settled, type Place } from './candidacy.ts';
import { encodeDocument, leaderPath, masterInfoPrefix } from './layout.ts';
import type { SessionScope } from './session-scope.ts';
import { createWake } from '../../lib/wake.ts';

/**
 * Resolves once both znodes are there; they are noted in the place. A former leader's znode is waited for, never removed:
 * its owner removes it when it has stopped acting, or its session ends.
 * Rejects when the signal aborts, or the place is gone.
 * @param info MasterInfo
 */
export async function announceLeader(
  ensemble: Ensemble,
  { place, scope }: { readonly place: Place; readonly scope: SessionScope },
  leader: Leader,
  info: object,
  signal: AbortSignal,
): Promise<void> {
  const ops: WriteOp[] = [
    { kind: 'check', path: place.candidate },
    { kind: 'create', path: leaderPath, data: encodeDocument(leader), ephemeral: true },
    { kind: 'create', path: masterInfoPrefix, data: encodeDocument(info), ephemeral: true, sequential: true },
  ];
  for (let failures = 1; ; failures++) {
    signal.throwIfAborted();
    const outcome = await ensemble.zookeeper.write(ops, scope.number);
    if (outcome.kind === 'done') {
      place.announced = [leaderPath, outcome.paths[2] ?? ''];
      return;
    }
    if (outcome.kind === 'refused' && outcome.op === 0) throw new Error('the place in the election is gone');
    if (outcome.kind === 'refused' && outcome.code === 'node-exists') {
      if (await isOurs(ensemble, place, signal)) return;
      continue;
    }
    ensemble.log.warn({ outcome }, 'the leader could not be announced yet');
    await settled(ensemble, failures, signal);
  }
}

/** An unanswered attempt of ours may have succeeded. Otherwise waits until the former leader's znode changes. */
async function isOurs(ensemble: Ensemble, place: Place, signal: AbortSignal): Promise<boolean> {
  const { zookeeper } = ensemble;
  const changed = createWake();
  const stat = await ask(ensemble, signal, () => zookeeper.exists(leaderPath, changed.wake));
  if (!stat) return false;
  if (stat.owner !== zookeeper.sessionId) {
    await changed.wait(signal);
    return false;
  }
  place.announced = [leaderPath, ...(await ownInfos(ensemble, signal))];
  return true;
}

async function ownInfos(ensemble: Ensemble, signal: AbortSignal): Promise<string[]> {
  const { zookeeper } = ensemble;
  return ask(ensemble, signal, async () => {
    const names = (await zookeeper.children('/')) ?? [];
    const paths = names.map((name) => `/${name}`).filter((path) => path.startsWith(masterInfoPrefix));
    const stats = await Promise.all(paths.map((path) => zookeeper.exists(path)));
    return paths.filter((_, index) => stats[index]?.owner === zookeeper.sessionId);
  });
}
