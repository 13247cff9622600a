// Places pods and plays their life: bound at once, running and ready if healthy, gone when told to end.
import type { Pod } from '../../src/api/types.gen.ts';
import type { Client } from '../../src/client/client.ts';
import { createInformer } from '../../src/client/informer.ts';
import { refOf } from '../../src/client/paths.ts';
import type { Clock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { formatRfc3339 } from '../../src/lib/rfc3339.ts';
import { isReady, isTerminal } from '../../src/reconciler/pods.ts';
import { pods } from '../../src/reconciler/resources.ts';

export interface FakeKubelet {
  /** Decides which pods become ready; may change at any time. */
  isHealthy: (pod: Pod) => boolean;
  /** Looks at all pods again, after `isHealthy` has changed. */
  look(): void;
  run(signal: AbortSignal): Promise<void>;
}

export function createFakeKubelet(client: Client, clock: Clock): FakeKubelet {
  const informer = createInformer<Pod>(client, pods, { clock, log: silentLog });
  const forgive = (work: Promise<unknown>) => void work.catch(() => undefined);
  const act = (pod: Pod) => {
    const ref = refOf(pods, pod);
    if (pod.metadata.deletionTimestamp !== undefined) {
      forgive(client.delete(ref, { gracePeriodSeconds: 0 }));
      return;
    }
    if (pod.spec?.nodeName === undefined) {
      const metadata = { name: pod.metadata.name ?? '' };
      const binding = { apiVersion: 'v1', kind: 'Binding', metadata, target: { kind: 'Node', name: 'node-1' } };
      forgive(client.createSubresource(ref, 'binding', binding));
      return;
    }
    if (isTerminal(pod)) return;
    const ready = kubelet.isHealthy(pod);
    if (pod.status?.phase === 'Running' && isReady(pod) === ready) return;
    const condition = {
      type: 'Ready',
      status: ready ? 'True' : 'False',
      lastTransitionTime: formatRfc3339(clock.now()),
    };
    const status = { phase: 'Running', podIP: '10.0.0.1', conditions: [condition] };
    forgive(client.update(pods, { ...pod, status }, 'status'));
  };
  const kubelet: FakeKubelet = {
    isHealthy: () => true,
    look: () => informer.list().forEach(act),
    run(signal) {
      informer.subscribe({ added: act, updated: act });
      return informer.run(signal);
    },
  };
  return kubelet;
}
