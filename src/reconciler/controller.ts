// Sources → queue → workers → reconcile, and the one place that decides what follows from its outcome.
import { StatusError } from '../api/status-error.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { aborted } from '../lib/run-group.ts';
import { TerminalError, type Reconcile, type Result } from './reconciler.ts';
import type { Source } from './source.ts';
import { createWorkQueue, type WorkQueue } from './work-queue.ts';

export interface Controller {
  readonly name: string;
  readonly sources: readonly Source[];
  readonly reconcile: Reconcile;
  /** Keys in work at once; 8 unless said otherwise. */
  readonly workers?: number;
}

/** Works until `signal` aborts, then waits for the reconciles in progress. */
export async function runController(
  controller: Controller,
  dependencies: { readonly clock: Clock; readonly log: Log },
  signal: AbortSignal,
): Promise<void> {
  const log = dependencies.log.child({ controller: controller.name });
  const queue = createWorkQueue(dependencies.clock);
  const unsubscribes = controller.sources.map((source) => source((key) => queue.add(key)));
  const work = async () => {
    for (let key = await queue.take(); key !== undefined; key = await queue.take()) {
      const outcome = await attempt(controller.reconcile, key, signal);
      if (!signal.aborted) settle(queue, key, outcome, log);
      queue.done(key);
    }
  };
  const workers = Array.from({ length: controller.workers ?? 8 }, work);
  await aborted(signal);
  for (const unsubscribe of unsubscribes) unsubscribe();
  queue.close();
  await Promise.all(workers);
}

type Outcome = { readonly result: Result | undefined } | { readonly error: unknown };

async function attempt(reconcile: Reconcile, key: string, signal: AbortSignal): Promise<Outcome> {
  try {
    return { result: await reconcile(key, signal) };
  } catch (error) {
    return { error };
  }
}

/** The whole policy of retry. */
function settle(queue: WorkQueue, key: string, outcome: Outcome, log: Log): void {
  if ('result' in outcome) {
    queue.forget(key);
    if (outcome.result?.requeueAfterMs !== undefined) queue.addAfter(key, outcome.result.requeueAfterMs);
  } else if (outcome.error instanceof TerminalError) {
    queue.forget(key);
    log.error({ key, err: outcome.error }, 'cannot reconcile; waiting for a change');
  } else {
    queue.addRateLimited(key);
    const fields = { key, err: outcome.error, failures: queue.failures(key) };
    // A lost race is the normal way to learn that the world has moved on.
    if (StatusError.from(outcome.error).reason === 'Conflict') log.debug(fields, 'lost a race; trying again');
    else log.warn(fields, 'reconcile failed; trying again');
  }
}
