import { expect } from 'chai';
import type { ApiObject } from '../../src/api/object.ts';
import type { Node } from '../../src/api/types.gen.ts';
import { explainNode } from '../../src/cli/explain-node.ts';
import { explainWorkload } from '../../src/cli/explain-workload.ts';
import { renderExplanation } from '../../src/cli/explanation.ts';

const deployment = (spec: object, conditions: readonly object[] = [], metadata: object = {}): ApiObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', generation: 1, ...metadata },
  spec,
  status: { observedGeneration: 1, conditions },
});
const stalled = { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'timed out' };
const refused = { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: 'exceeded quota: small' };

describe('explainWorkload', () => {
  const cases: [string, ApiObject, boolean, RegExp][] = [
    ['healthy', deployment({ replicas: 2 }), true, /2 of 2 pods are well/],
    ['incomplete', deployment({ replicas: 3 }), false, /2 of 3 pods are well/],
    ['scaled to zero', deployment({ replicas: 0 }), true, /scaled to zero/],
    ['paused', deployment({ replicas: 2, paused: true }), false, /paused/],
    ['stalled', deployment({ replicas: 2 }, [stalled]), false, /stalled/],
    ['refused by quota', deployment({ replicas: 2 }, [refused]), false, /exceeded quota/],
    ['not seen yet', deployment({ replicas: 2 }, [], { generation: 2 }), false, /not been taken up/],
    ['held', deployment({}, [], { deletionTimestamp: 'then', finalizers: ['x/y'] }), false, /finalizers: x\/y/],
  ];
  for (const [name, subject, healthy, reason] of cases) {
    it(name, () => {
      const found = explainWorkload('deployment/web', subject, 2);
      expect(found.healthy).to.equal(healthy);
      expect(found.reason).to.match(reason);
    });
  }

  it('names the command that helps', () => {
    const advice = (subject: ApiObject) => explainWorkload('deployment/web', subject, 0).nextSteps.join();
    expect(advice(deployment({ paused: true }))).to.contain('rollout resume deployment/web');
    expect(advice(deployment({}, [stalled]))).to.contain('rollout undo deployment/web');
    expect(advice(deployment({}, [refused]))).to.contain('describe resourcequota');
  });
});

describe('explainNode', () => {
  const node = (ready: 'True' | 'False' | 'Unknown', more: Partial<Node> = {}): Node => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'one', annotations: { 'tepui.dev/degraded': 'images: no umoci; install it' } },
    status: { conditions: [{ type: 'Ready', status: ready, reason: 'R', message: 'M' }] },
    ...more,
  });

  it('tells lost, cordoned, degraded and sound nodes apart', () => {
    expect(explainNode(node('Unknown')))
      .to.include({ healthy: false })
      .and.property('reason')
      .match(/not heard of/);
    expect(explainNode(node('False')).reason).to.equal('It is not ready.');
    expect(explainNode(node('True', { spec: { unschedulable: true } })).reason).to.contain('cordoned');
    expect(explainNode(node('True')).reason).to.contain('cannot isolate everything');
    expect(explainNode(node('True', { metadata: { name: 'one' } })).reason).to.contain('takes pods');
  });

  it('shows taints and gaps as evidence', () => {
    const tainted = node('True', { spec: { taints: [{ key: 'dedicated', value: 'gpu', effect: 'NoSchedule' }] } });
    const text = renderExplanation('node/one', explainNode(tainted));
    expect(text).to.contain('taint {dedicated: gpu}').and.contain('degraded: images: no umoci; install it');
  });
});
