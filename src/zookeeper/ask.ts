// Asking the ensemble until it answers, however long it is away.
import { backoffMs } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import { errorText } from '../lib/error-text.ts';
import type { Log } from '../lib/log.ts';
import { ZookeeperUnavailable, type Zookeeper, type Znode } from './zookeeper.ts';
import { createWake } from '../lib/wake.ts';

export interface Ensemble {
  readonly zookeeper: Zookeeper;
  readonly clock: Clock;
  readonly log: Log;
}

/** Between a refusal and the next attempt; a change of the session ends the pause. */
const pause = { initialMs: 50, factor: 2, maxMs: 2000 };

/**
 * The answer to `question`, which is asked again while the ensemble cannot be asked. Rejects with the signal's reason
 * when it aborts; not with anything else: what is not understood is logged and tried again, with growing pauses.
 */
export async function ask<T>(ensemble: Ensemble, signal: AbortSignal, question: () => Promise<T>): Promise<T> {
  const { zookeeper, log } = ensemble;
  for (let failures = 1; ; failures++) {
    await zookeeper.connected(signal);
    signal.throwIfAborted();
    try {
      const answer = await question();
      signal.throwIfAborted();
      return answer;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ZookeeperUnavailable)) log.error({ error: errorText(error) }, 'ZooKeeper refused');
    }
    await pauseBeforeRetry(ensemble, failures, signal);
  }
}

/** Ends with the back-off, a change of the session, or the signal. */
export async function pauseBeforeRetry(ensemble: Ensemble, failures: number, signal: AbortSignal): Promise<void> {
  const changed = createWake();
  const stop = ensemble.zookeeper.onChange(changed.wake);
  const timer = ensemble.clock.after(backoffMs(pause, failures), changed.wake);
  await changed.wait(signal);
  stop();
  timer.cancel();
}

/** Tells what a znode holds, now and after every change, until the signal aborts. Resolves then. */
export async function followZnode(
  ensemble: Ensemble,
  path: string,
  onNews: (znode: Znode | undefined) => void,
  signal: AbortSignal,
): Promise<void> {
  await repeat(signal, async (wake) => onNews(await ask(ensemble, signal, () => ensemble.zookeeper.get(path, wake))));
}

/** As `followZnode`, of the names below a path that exists. */
export async function followChildren(
  ensemble: Ensemble,
  path: string,
  onNews: (names: readonly string[]) => void,
  signal: AbortSignal,
): Promise<void> {
  const { zookeeper } = ensemble;
  await repeat(signal, async (wake) => {
    const names = await ask(ensemble, signal, async () => {
      await zookeeper.ensurePath(path);
      return zookeeper.children(path, wake);
    });
    onNews(names ?? []);
  });
}

/** Reads again whenever the watch that the reading has set fires. */
async function repeat(signal: AbortSignal, read: (wake: () => void) => Promise<void>): Promise<void> {
  try {
    while (!signal.aborted) {
      const changed = createWake();
      await read(changed.wake);
      await changed.wait(signal);
    }
  } catch (error) {
    if (!isAborted(signal)) throw error;
  }
}

/** It can abort while something is waited for, which the compiler does not see. */
const isAborted = (signal: AbortSignal) => signal.aborted;
