// What agents report is written when it is theirs and new.
import { expect } from 'chai';
import type { Pod, PodStatus } from '../../../src/api/types.gen.ts';
import { createPodWriter, mergedStatus } from '../../../src/apiserver/gateway/pod-writer.ts';
import { createFakeApi } from '../../support/fake-api.ts';
import { testPod } from '../../support/pods.ts';

describe('writing what agents report', () => {
  const setUp = () => {
    const api = createFakeApi();
    api.put('pods', testPod('web'));
    const writer = createPodWriter(api.client, api.source<Pod>('pods'));
    const status = (content: PodStatus, uid = 'uid-web') => ({
      uuid: 'u',
      namespace: 'default',
      name: 'web',
      uid,
      status: Buffer.from(JSON.stringify(content)),
    });
    return { api, writer, status };
  };

  it('writes a status once', async () => {
    const { api, writer, status } = setUp();
    await writer.writeStatus('n', status({ phase: 'Running' }));
    await writer.writeStatus('n', status({ phase: 'Running' }));
    expect(api.writes).to.deep.equal(['update pods/web status']);
  });

  it('drops what is about another pod or from another node', async () => {
    const { api, writer, status } = setUp();
    await writer.writeStatus('n', status({ phase: 'Running' }, 'old-uid'));
    await writer.writeStatus('other', status({ phase: 'Running' }));
    await writer.writeStatus('n', { ...status({ phase: 'Running' }), name: 'gone' });
    await writer.removePod('other', status({}));
    await writer.removePod('n', status({}, 'old-uid'));
    expect(api.writes).to.deep.equal([]);
  });

  it('wins a race by trying again on the fresh object', async () => {
    const { api, status } = setUp();
    const stale = api.object<Pod>('pods', 'web')!;
    api.put('pods', { ...stale, metadata: { ...stale.metadata, labels: { new: 'label' } } });
    const writer = createPodWriter(api.client, { get: () => stale });
    await writer.writeStatus('n', status({ phase: 'Running' }));
    expect(api.object<Pod>('pods', 'web')).to.deep.include({ status: { phase: 'Running', conditions: [] } });
    expect(api.object<Pod>('pods', 'web')?.metadata.labels).to.deep.equal({ new: 'label' });
  });

  it('removes a pod of which nothing is left, once', async () => {
    const { api, writer, status } = setUp();
    await writer.removePod('n', status({}));
    await writer.removePod('n', status({}));
    expect(api.writes).to.deep.equal(['delete pods/web']);
  });

  it("keeps others' conditions, the scheduler's word, and final phases", () => {
    const scheduled = { type: 'PodScheduled', status: 'True', reason: 'Bound' };
    const gate = { type: 'lb', status: 'True' };
    const ready = { type: 'Ready', status: 'True' };
    const merged = mergedStatus(
      { conditions: [scheduled, gate, { ...ready, status: 'False' }] },
      { phase: 'Running', conditions: [ready, { type: 'PodScheduled', status: 'True' }] },
    );
    expect(merged.conditions).to.deep.equal([ready, scheduled, gate]);
    const final: PodStatus = { phase: 'Failed' };
    expect(mergedStatus(final, { phase: 'Running' })).to.equal(final);
    expect(mergedStatus(final, { phase: 'Failed', message: 'm' }).message).to.equal('m');
  });
});
