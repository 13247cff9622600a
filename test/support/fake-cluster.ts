// The reconciler on the fake API and a fake clock, with a kubelet that makes pods ready.
import { createInformers, type Informers } from '../../src/client/informers.ts';
import { silentLog } from '../../src/lib/log.ts';
import { runReconciler } from '../../src/reconciler/manager.ts';
import { createMemoryApi, type MemoryApi } from './memory-api.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { createFakeKubelet, type FakeKubelet } from './fake-kubelet.ts';

export interface FakeCluster {
  readonly api: MemoryApi;
  readonly clock: FakeClock;
  readonly kubelet: FakeKubelet;
  readonly informers: Informers;
  /** Moves time in small steps until `holds`; throws after ten simulated minutes. */
  until(holds: () => boolean, what?: string): Promise<void>;
  stop(): Promise<void>;
}

export async function startFakeCluster(): Promise<FakeCluster> {
  const clock = createFakeClock();
  const api = createMemoryApi(clock);
  const informers = createInformers(api, { clock, log: silentLog });
  const kubelet = createFakeKubelet(api, clock);
  const stopping = new AbortController();
  await api.create(
    { group: '', version: 'v1', plural: 'nodes' },
    {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'node-1' },
      spec: {},
      status: { conditions: [{ type: 'Ready', status: 'True' }] },
    },
  );
  const running = [
    runReconciler({ client: api, informers, clock, log: silentLog, clusterCa: 'PEM' }, stopping.signal),
    informers.run(stopping.signal),
    kubelet.run(stopping.signal),
  ];
  return {
    api,
    clock,
    kubelet,
    informers,
    async until(holds, what = holds.toString()) {
      for (let step = 0; step < 6000; step++) {
        if (holds()) return;
        await clock.advance(100);
      }
      throw new Error(`did not happen: ${what}`);
    },
    async stop() {
      stopping.abort();
      await clock.advance(0);
      await Promise.all(running);
    },
  };
}
