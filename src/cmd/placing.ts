// The offer engine and the framework that places pods, for one period of acting.
import type { Handler } from '../api/request.ts';
import type { Node, Pod, ResourceQuota } from '../api/types.gen.ts';
import type { ResourceRef } from '../client/client.ts';
import { createEventRecorder } from '../client/event-recorder.ts';
import type { Informers } from '../client/informers.ts';
import { createLocalClient } from '../client/local-client.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { aborted } from '../lib/run-group.ts';
import { feedCluster } from '../offer-engine/cluster-feed.ts';
import { createOfferEngine } from '../offer-engine/engine.ts';
import { createPodFramework } from '../offer-engine/frameworks/pod-framework.ts';
import { sourceOf } from './object-sources.ts';

export interface PlacingOptions {
  /** The API of this process. */
  readonly handler: Handler;
  readonly informers: Informers;
  readonly clock: Clock;
  readonly log: Log;
}

const core = (plural: string): ResourceRef => ({ group: '', version: 'v1', plural });

/** An actor. Offers are soft state: the next period begins with what the API says. */
export async function runPlacing({ handler, informers, clock, log }: PlacingOptions, signal: AbortSignal) {
  const nodes = informers.of<Node>(core('nodes'));
  const pods = informers.of<Pod>(core('pods'));
  const quotas = informers.of<ResourceQuota>(core('resourcequotas'));
  // What begins after the signal would go on for ever.
  await Promise.race([Promise.all([nodes.synced, pods.synced, quotas.synced]), aborted(signal)]);
  if (signal.aborted) return;
  const client = createLocalClient(handler, { username: 'system:pod-framework', groups: ['system:masters'] });
  const engine = createOfferEngine({ clock, log });
  const sources = {
    nodes: sourceOf(nodes, signal),
    pods: sourceOf(pods, signal),
    quotas: sourceOf(quotas, signal),
  };
  feedCluster(engine, sources);
  const recorder = createEventRecorder(client, { component: 'pod-framework', clock, log });
  const framework = createPodFramework({
    ...{ engine, sources, client, clock, log },
    record: (pod, ...rest) => recorder.record(pod, ...rest),
  });
  try {
    await framework.start();
    await aborted(signal);
  } finally {
    framework.stop();
    engine.stop();
  }
}
