// Runs the controllers: caches first, then all of them, until told to stop.
import { setMaxListeners } from 'node:events';
import type { Client } from '../client/client.ts';
import { createConsistentClient } from '../client/consistent-client.ts';
import { createEventRecorder } from '../client/event-recorder.ts';
import type { Informers } from '../client/informers.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { aborted, runGroup } from '../lib/run-group.ts';
import { controllers } from './controllers.ts';
import { runController, type Controller } from './controller.ts';

export interface ReconcilerOptions {
  /** Acts with the rights of the controllers. */
  readonly client: Client;
  /** Shared with the rest of the process; somebody runs them. */
  readonly informers: Informers;
  readonly clock: Clock;
  readonly log: Log;
  /** PEM of the cluster's certificate authority, for the ConfigMap kube-root-ca.crt. */
  readonly clusterCa: string;
}

/**
 * Makes the informers and indexes that the controllers will use. A server that does not lead keeps them warm with the rest,
 * so that its turn begins without a first list of everything.
 */
export function prepareInformers(options: ReconcilerOptions): void {
  createControllers(options);
}

function createControllers(options: ReconcilerOptions): readonly Controller[] {
  const { client, clock, log } = options;
  const recorder = (component: string) => createEventRecorder(client, { component, clock, log });
  return controllers.map((create) => create({ ...options, recorder }));
}

/** An actor: works until `signal` aborts, then waits for what is in progress. */
export async function runReconciler(options: ReconcilerOptions, signal: AbortSignal): Promise<void> {
  const { client, informers, clock, log } = options;
  // Every write that waits for the caches listens to it; that is no leak.
  setMaxListeners(0, signal);
  const all = createControllers({ ...options, client: createConsistentClient(client, informers, signal) });
  await Promise.race([informers.synced(), aborted(signal)]);
  if (signal.aborted) return;
  await runGroup(
    all.map((controller) => (stop) => runController(controller, { clock, log }, stop)),
    signal,
  );
}
