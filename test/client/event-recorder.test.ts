import { expect } from 'chai';
import type { Event } from '../../src/api/types.gen.ts';
import { StatusError } from '../../src/api/status-error.ts';
import { createEventRecorder, type EventRecorder } from '../../src/client/event-recorder.ts';
import { refOf } from '../../src/client/paths.ts';
import { silentLog } from '../../src/lib/log.ts';
import { createMemoryApi, type MemoryApi } from '../support/memory-api.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';

const events = { group: '', version: 'v1', plural: 'events' };
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'shop', uid: 'u1', resourceVersion: '5' },
};

describe('client/event-recorder', () => {
  let clock: FakeClock;
  let api: MemoryApi;
  let recorder: EventRecorder;
  beforeEach(() => {
    clock = createFakeClock();
    api = createMemoryApi(clock);
    recorder = createEventRecorder(api, { component: 'tester', host: 'n1', clock, log: silentLog });
  });
  const stored = () => api.all<Event>(events);

  it('writes who, what, when and why', async () => {
    recorder.record(pod, 'Warning', 'Failed', 'it broke', 'spec.containers{web}');
    await recorder.flushed();
    const [event] = stored();
    expect(event?.metadata.namespace).to.equal('shop');
    expect(event?.metadata.name).to.match(/^web\.[0-9a-f]+$/);
    expect(event).to.deep.include({
      type: 'Warning',
      reason: 'Failed',
      message: 'it broke',
      count: 1,
      firstTimestamp: '2023-11-14T22:13:20Z',
      lastTimestamp: '2023-11-14T22:13:20Z',
      source: { component: 'tester', host: 'n1' },
      involvedObject: {
        apiVersion: 'v1',
        kind: 'Pod',
        namespace: 'shop',
        name: 'web',
        uid: 'u1',
        resourceVersion: '5',
        fieldPath: 'spec.containers{web}',
      },
    });
  });

  it('counts repeats on one Event', async () => {
    recorder.record(pod, 'Normal', 'Pulled', 'again');
    await recorder.flushed();
    await clock.advance(5000);
    recorder.record(pod, 'Normal', 'Pulled', 'again');
    await recorder.flushed();
    expect(stored()).to.have.length(1);
    expect(stored()[0]).to.include({
      count: 2,
      firstTimestamp: '2023-11-14T22:13:20Z',
      lastTimestamp: '2023-11-14T22:13:25Z',
    });
  });

  it('merges what is recorded while a write is on its way', async () => {
    for (let at = 0; at < 5; at++) recorder.record(pod, 'Normal', 'Pulled', 'again');
    await recorder.flushed();
    expect(stored()).to.have.length(1);
    expect(stored()[0]?.count).to.equal(5);
    expect(api.writes.length).to.be.at.most(2);
  });

  it('begins anew when the Event has expired', async () => {
    recorder.record(pod, 'Normal', 'Pulled', 'again');
    await recorder.flushed();
    await api.delete(refOf(events, stored()[0]!));
    recorder.record(pod, 'Normal', 'Pulled', 'again');
    await recorder.flushed();
    expect(stored()).to.have.length(1);
    expect(stored()[0]?.count).to.equal(1);
  });

  it('limits what one object may say, without silencing others', async () => {
    for (let at = 0; at < 40; at++) recorder.record(pod, 'Normal', 'Noise', `message ${at}`);
    recorder.record({ ...pod, metadata: { ...pod.metadata, name: 'quiet' } }, 'Normal', 'Word', 'once');
    await recorder.flushed();
    expect(stored().filter(({ reason }) => reason === 'Noise')).to.have.length(25);
    expect(stored().filter(({ reason }) => reason === 'Word')).to.have.length(1);
    await clock.advance(300_000);
    recorder.record(pod, 'Normal', 'Noise', 'later');
    await recorder.flushed();
    expect(stored().filter(({ message }) => message === 'later')).to.have.length(1);
  });

  it('never fails its caller', async () => {
    api.intercept = () => {
      throw new StatusError('Forbidden', 'no');
    };
    recorder.record(pod, 'Normal', 'Pulled', 'again');
    await recorder.flushed();
    api.intercept = () => undefined;
    recorder.record(pod, 'Normal', 'Pulled', 'again');
    await recorder.flushed();
    expect(stored()[0]?.count).to.equal(1);
  });

  it('puts events about cluster-scoped objects into default, and names nodes as kubectl expects', async () => {
    recorder.record({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1', uid: 'x' } }, 'Normal', 'Ready', 'up');
    await recorder.flushed();
    expect(stored()[0]?.metadata.namespace).to.equal('default');
    expect(stored()[0]?.involvedObject.uid).to.equal('n1');
  });
});
