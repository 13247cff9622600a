// Znodes that are made once and never changed.
import { ask, pauseBeforeRetry, type Ensemble } from '../../zookeeper/ask.ts';
import type { WriteOp } from '../../zookeeper/zookeeper.ts';

/**
 * Resolves when the znodes are there, made now or before, by us or by somebody else: who needs to know reads. Waits while
 * the ensemble cannot be asked; rejects when the signal aborts.
 * @param ops one transaction of `create`
 */
export async function putOnce(ensemble: Ensemble, ops: readonly WriteOp[], signal: AbortSignal): Promise<void> {
  const { zookeeper, log } = ensemble;
  for (let failures = 1; ; failures++) {
    await ask(ensemble, signal, () => zookeeper.ensurePath('/'));
    const outcome = await zookeeper.write(ops);
    if (outcome.kind === 'done') return;
    // An attempt that was not answered may have been ours.
    if (outcome.kind === 'refused' && outcome.code === 'node-exists') return;
    log.warn({ outcome }, 'ZooKeeper has not taken a part of the identity of the cluster yet');
    await pauseBeforeRetry(ensemble, failures, signal);
    await ask(ensemble, signal, () => zookeeper.settle());
  }
}
