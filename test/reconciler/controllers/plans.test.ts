// The smaller plans, case by case.
import { expect } from 'chai';
import fc from 'fast-check';
import type { ApiObject, ObjectMeta } from '../../../src/api/object.ts';
import type {
  Taint,
  DeploymentCondition,
  Event,
  Namespace,
  Node,
  Pod,
  Service,
  Toleration,
} from '../../../src/api/types.gen.ts';
import { selectorOf } from '../../../src/api/selectors.ts';
import { planClaims } from '../../../src/reconciler/claims.ts';
import { withCondition } from '../../../src/reconciler/conditions.ts';
import { remainingMs, slimEvent } from '../../../src/reconciler/controllers/event-expiry/plan.ts';
import { planDependent, planOwner } from '../../../src/reconciler/controllers/garbage-collector/plan.ts';
import {
  hasSelector,
  isSelected,
  planEndpoints,
  planSlices,
} from '../../../src/reconciler/controllers/endpoints/plan.ts';
import { defaultServiceAccount, rootCaConfigMap } from '../../../src/reconciler/controllers/namespace-defaults/plan.ts';
import { planNamespace } from '../../../src/reconciler/controllers/namespace/plan.ts';
import {
  planEvictions,
  planNews,
  planReadiness,
  planTaints,
} from '../../../src/reconciler/controllers/node-lifecycle/plan.ts';
import {
  endOf,
  hasTooManyEnded,
  isUnplacedEnding,
  planEnded,
  planOrphans,
} from '../../../src/reconciler/controllers/pod-gc/plan.ts';
import { hashOf } from '../../../src/reconciler/hash.ts';

const time = '2026-01-01T00:00:00Z';
const nowMs = Date.parse(time);
const secondsLater = (seconds: number) => new Date(nowMs + seconds * 1000).toISOString().replace('.000', '');

function pod(name: string, over: Partial<Pod> = {}, metadata: ObjectMeta = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', uid: `u-${name}`, creationTimestamp: time, ...metadata },
    spec: { containers: [], nodeName: 'n1' },
    status: { phase: 'Running' },
    ...over,
  };
}

describe('reconciler/hash', () => {
  it('is equal for equal values, whatever the order of keys, and safe in names', () => {
    fc.assert(
      fc.property(fc.object(), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(hashOf(reversed)).to.equal(hashOf(value));
        expect(hashOf(value)).to.match(/^[bcdfghjklmnpqrstvwxz2456789]{10}$/);
      }),
    );
    expect(hashOf({ a: undefined, b: [1, null, undefined] })).to.equal(hashOf({ b: [1, null, undefined] }));
    expect(hashOf({ a: 1 })).not.to.equal(hashOf({ a: 2 }));
  });
});

describe('reconciler/conditions', () => {
  it('moves the transition time with the status only', () => {
    const first = withCondition<DeploymentCondition>([], { type: 'A', status: 'True', reason: 'x' }, nowMs);
    expect(first).to.deep.equal([{ type: 'A', status: 'True', reason: 'x', lastTransitionTime: time }]);
    const same = withCondition(first, { type: 'A', status: 'True', reason: 'y' }, nowMs + 60_000);
    expect(same[0]).to.include({ reason: 'y', lastTransitionTime: time });
    const changed = withCondition(same, { type: 'A', status: 'False', reason: 'y' }, nowMs + 60_000);
    expect(changed[0]?.lastTransitionTime).to.equal(secondsLater(60));
  });
});

describe('reconciler/claims', () => {
  const owner: ApiObject = { apiVersion: 'v1', kind: 'X', metadata: { name: 'o', uid: 'me' } };
  const selector = selectorOf({ matchLabels: { app: 'web' } });
  const owned = (uid: string) => ({
    ownerReferences: [{ apiVersion: 'v1', kind: 'X', name: 'o', uid, controller: true }],
  });
  const web = { labels: { app: 'web' } };

  it('tells its own from orphans, strangers and runaways', () => {
    const [mine, runaway, orphan, stranger, other, ending] = [
      pod('mine', {}, { ...web, ...owned('me') }),
      pod('runaway', {}, owned('me')),
      pod('orphan', {}, web),
      pod('stranger', {}, { ...web, ...owned('you') }),
      pod('other'),
      pod('ending', {}, { ...web, deletionTimestamp: time }),
    ];
    const claims = planClaims(owner, selector, [mine, runaway, orphan, stranger, other, ending]);
    expect(claims).to.deep.equal({ owned: [mine], adopt: [orphan], release: [runaway] });
  });

  it('changes nothing for an owner on its way out', () => {
    const leaving = { ...owner, metadata: { ...owner.metadata, deletionTimestamp: time } };
    const runaway = pod('runaway', {}, owned('me'));
    expect(planClaims(leaving, selector, [runaway, pod('orphan', {}, web)])).to.deep.equal({
      owned: [runaway],
      adopt: [],
      release: [],
    });
  });
});

describe('reconciler/controllers/garbage-collector: plan', () => {
  const reference = (uid: string, blockOwnerDeletion = true) => ({
    apiVersion: 'v1',
    kind: 'X',
    name: uid,
    uid,
    blockOwnerDeletion,
  });
  const dependent = (...uids: string[]) => pod('d', {}, { ownerReferences: uids.map((uid) => reference(uid)) });

  it('deletes what has no owner left, and strips references to owners that are gone', () => {
    expect(planDependent(dependent('a', 'b'), ['absent', 'absent'], false)).to.deep.equal({
      action: 'delete',
      propagationPolicy: 'Background',
    });
    expect(planDependent(dependent('a', 'b'), ['present', 'absent'], false)).to.deep.equal({
      action: 'strip',
      references: [reference('b')],
    });
    expect(planDependent(dependent('a'), ['present'], false).action).to.equal('nothing');
    expect(planDependent(dependent(), [], false).action).to.equal('nothing');
  });

  it('lets owners that wait have their way, with dependents of dependents first', () => {
    expect(planDependent(dependent('a'), ['waiting'], true)).to.include({ propagationPolicy: 'Foreground' });
    expect(planDependent(dependent('a'), ['waiting'], false)).to.include({ propagationPolicy: 'Background' });
    const ending = pod('d', {}, { ownerReferences: [reference('a')], deletionTimestamp: time });
    expect(planDependent(ending, ['absent'], false).action).to.equal('nothing');
  });

  it('holds an owner until its blocking dependents are gone', () => {
    const owner = (...finalizers: string[]) => pod('o', {}, { uid: 'a', finalizers, deletionTimestamp: time });
    const loose = pod('l', {}, { ownerReferences: [reference('a', false)] });
    expect(planOwner(owner('foregroundDeletion'), [dependent('a')]).action).to.equal('wait');
    expect(planOwner(owner('foregroundDeletion'), [loose])).to.deep.equal({
      action: 'release',
      finalizer: 'foregroundDeletion',
    });
    expect(planOwner(owner('orphan'), [loose])).to.deep.equal({
      action: 'orphan',
      dependents: [loose],
      finalizer: 'orphan',
    });
    expect(planOwner(owner('other'), [loose]).action).to.equal('nothing');
    expect(planOwner(pod('o', {}, { finalizers: ['orphan'] }), []).action).to.equal('nothing');
  });
});

describe('reconciler/controllers/namespace: plan', () => {
  const namespace = (metadata: ObjectMeta, finalizers = ['kubernetes']): Namespace => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'shop', ...metadata },
    spec: { finalizers },
  });

  it('leaves living namespaces and finished ones alone', () => {
    expect(planNamespace(namespace({}), [pod('a')], nowMs).action).to.equal('nothing');
    expect(planNamespace(namespace({ deletionTimestamp: time }, []), [], nowMs).action).to.equal('nothing');
  });

  it('empties first, says what is left, then lets go', () => {
    const ending = namespace({ deletionTimestamp: time }, ['kubernetes', 'mine']);
    const gone = pod('b', {}, { deletionTimestamp: time });
    const plan = planNamespace(ending, [pod('a'), gone], nowMs);
    if (plan.action !== 'empty') throw new Error(plan.action);
    expect(plan.remove.map((one) => one.metadata.name)).to.deep.equal(['a']);
    expect(plan.status.phase).to.equal('Terminating');
    expect(plan.status.conditions?.[0]?.message).to.equal('Some resources are remaining: Pod 2');
    expect(planNamespace(ending, [], nowMs)).to.deep.equal({ action: 'finalize', finalizers: ['mine'] });
  });

  it('has defaults for new ones', () => {
    expect(defaultServiceAccount('shop').metadata).to.deep.equal({ name: 'default', namespace: 'shop' });
    expect(rootCaConfigMap('shop', 'PEM').data).to.deep.equal({ 'ca.crt': 'PEM' });
  });
});

describe('reconciler/controllers/node-lifecycle: plan', () => {
  const node = (ready: string | undefined, spec: Node['spec'] = {}): Node => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'n1' },
    spec,
    status: ready === undefined ? {} : { conditions: [{ type: 'Ready', status: ready }] },
  });
  const keys = (given: Node) => planTaints(given, nowMs).map(({ key, effect }) => `${key}:${effect}`);

  it('taints by the state of the node, and takes the taints off again', () => {
    const [notReady, unreachable] = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];
    expect(keys(node('True'))).to.deep.equal([]);
    expect(keys(node('False'))).to.deep.equal([`${notReady}:NoSchedule`, `${notReady}:NoExecute`]);
    expect(keys(node(undefined))).to.deep.equal([`${notReady}:NoSchedule`, `${notReady}:NoExecute`]);
    expect(keys(node('Unknown'))).to.deep.equal([`${unreachable}:NoSchedule`, `${unreachable}:NoExecute`]);
    expect(keys(node('True', { unschedulable: true }))).to.deep.equal(['node.kubernetes.io/unschedulable:NoSchedule']);
    const taints: Taint[] = [{ key: 'mine', effect: 'NoSchedule' }, ...planTaints(node('Unknown'), nowMs)];
    expect(keys(node('True', { taints }))).to.deep.equal(['mine:NoSchedule']);
    expect(keys(node('False', { taints }))).to.deep.equal([
      'mine:NoSchedule',
      `${notReady}:NoSchedule`,
      `${notReady}:NoExecute`,
    ]);
    expect(planTaints(node('Unknown', { taints }), nowMs + 5000), 'the age of a taint stays').to.deep.equal(taints);
  });

  it('notes since when a taint of others has been there, for those who tolerate it for some time', () => {
    const timed = planTaints(node('True', { taints: [{ key: 'bad', effect: 'NoExecute' }] }), nowMs);
    const tolerations: Toleration[] = [{ key: 'bad', operator: 'Exists', tolerationSeconds: 4 }];
    const patient = pod('p', { spec: { containers: [], nodeName: 'n1', tolerations } });
    expect(planEvictions(timed, [patient], nowMs + 1000)).to.deep.equal({ evict: [], requeueAfterMs: 3000 });
    const later = planTaints(node('True', { taints: timed }), nowMs + 4000);
    expect(planEvictions(later, [patient], nowMs + 4000).evict).to.deep.equal([patient]);
  });

  it('tells readiness from cordons', () => {
    const news = (given: Node) => planNews(given, planTaints(given, nowMs)).map(({ reason }) => reason);
    const cordoned = { unschedulable: true };
    expect(news(node('True', cordoned))).to.deep.equal(['NodeNotSchedulable']);
    expect(news(node('True', { ...cordoned, taints: planTaints(node('True', cordoned), nowMs) }))).to.deep.equal([]);
    expect(news(node('True', { taints: planTaints(node('True', cordoned), nowMs) }))).to.deep.equal([
      'NodeSchedulable',
    ]);
    expect(news(node('Unknown'))).to.deep.equal(['NodeNotReady']);
    expect(news(node('True', { taints: planTaints(node('False'), nowMs) }))).to.deep.equal(['NodeReady']);
    expect(news(node('True', { taints: [{ key: 'mine', effect: 'NoExecute' }] }))).to.deep.equal([]);
  });

  it("evicts when patience ends: the pod's own, or five minutes", () => {
    const taints = planTaints(node('Unknown'), nowMs);
    const patient = (...tolerations: Toleration[]) =>
      pod('p', { spec: { containers: [], nodeName: 'n1', tolerations } });
    const key = 'node.kubernetes.io/unreachable';
    const after = (seconds: number, one: Pod) => planEvictions(taints, [one], nowMs + seconds * 1000);
    expect(after(0, patient())).to.deep.equal({ evict: [], requeueAfterMs: 300_000 });
    expect(after(300, patient()).evict).to.have.length(1);
    const minute = patient({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 });
    expect(after(20, minute)).to.deep.equal({ evict: [], requeueAfterMs: 40_000 });
    expect(after(60, minute).evict).to.have.length(1);
    const impatient = patient({ key, operator: 'Exists', tolerationSeconds: 0 });
    expect(after(0, impatient).evict).to.have.length(1);
    expect(after(9999, patient({ operator: 'Exists' }))).to.deep.equal({ evict: [], requeueAfterMs: undefined });
    expect(after(9999, pod('x', {}, { deletionTimestamp: time })).evict).to.deep.equal([]);
    expect(after(9999, pod('x', { status: { phase: 'Failed' } })).evict).to.deep.equal([]);
  });

  it('evicts at once for taints of others that are not tolerated', () => {
    const taints: Taint[] = [
      { key: 'gpu', effect: 'NoExecute' },
      { key: 'soft', effect: 'NoSchedule' },
    ];
    expect(planEvictions(taints, [pod('a')], nowMs).evict).to.have.length(1);
    const tolerations: Toleration[] = [{ key: 'gpu', operator: 'Equal', value: '' }];
    expect(planEvictions(taints, [pod('a', { spec: { containers: [], tolerations } })], nowMs).evict).to.deep.equal([]);
    expect(planEvictions([], [pod('a')], nowMs)).to.deep.equal({ evict: [], requeueAfterMs: undefined });
  });

  it('takes readiness from pods on a node that is away, and gives it back', () => {
    const withReady = (status: string, reason = '') =>
      pod('p', {
        status: {
          phase: 'Running',
          conditions: [
            { type: 'Ready', status, reason },
            { type: 'ContainersReady', status: 'True' },
          ],
        },
      });
    const [fallen] = planReadiness(node('Unknown'), [withReady('True')], nowMs);
    expect(fallen?.conditions[0]).to.include({ status: 'False', reason: 'NodeNotReady' });
    expect(planReadiness(node('Unknown'), [withReady('False')], nowMs)).to.deep.equal([]);
    const [risen] = planReadiness(node('True'), [withReady('False', 'NodeNotReady')], nowMs);
    expect(risen?.conditions[0]).to.include({ status: 'True' });
    expect(planReadiness(node('True'), [withReady('False', 'ContainersNotReady')], nowMs)).to.deep.equal([]);
    expect(planReadiness(node('Unknown'), [pod('x', { status: { phase: 'Failed' } })], nowMs)).to.deep.equal([]);
  });
});

describe('reconciler/controllers/pod-gc: plan', () => {
  it('keeps a thousand ended pods, the youngest', () => {
    const many = Array.from({ length: 1003 }, (_, at) =>
      pod(`p${at}`, {}, { creationTimestamp: secondsLater(2000 - at) }),
    );
    expect(planEnded(many).map((one) => one.metadata.name)).to.deep.equal(['p1002', 'p1001', 'p1000']);
    expect(planEnded(many.slice(0, 1000))).to.deep.equal([]);
    expect([hasTooManyEnded(1000), hasTooManyEnded(1001)]).to.deep.equal([false, true]);
    expect(endOf(pod('a', { status: { phase: 'Failed' } }))).to.deep.equal(['yes']);
    expect(endOf(pod('a'))).to.deep.equal([]);
  });

  it('gives a young pod time to see its node register', () => {
    const [old, young] = [pod('old', {}, { creationTimestamp: secondsLater(-60) }), pod('young')];
    const longAgoMs = nowMs - 60_000;
    expect(planOrphans([old, young], longAgoMs, nowMs)).to.deep.equal({ remove: [old], requeueAfterMs: 40_000 });
    expect(planOrphans([old], longAgoMs, nowMs).requeueAfterMs).to.equal(undefined);
    expect(planOrphans([old], nowMs - 10_000, nowMs)).to.deep.equal({ remove: [], requeueAfterMs: 30_000 });
  });

  it('knows pods that nobody will end', () => {
    expect(isUnplacedEnding(pod('a', { spec: { containers: [] } }, { deletionTimestamp: time }))).to.equal(true);
    expect(isUnplacedEnding(pod('a', {}, { deletionTimestamp: time }))).to.equal(false);
  });
});

describe('reconciler/controllers/endpoints: plan', () => {
  const service = (over: Service['spec'] = {}): Service => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'shop', uid: 's', labels: { team: 'x' } },
    spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 'web' }], ...over },
  });
  const serving = (
    name: string,
    ready: boolean,
    { ip = `10.0.0.${name}`, port = 8080, ...metadata }: ObjectMeta & { ip?: string; port?: number } = {},
  ) =>
    pod(
      name,
      {
        spec: { nodeName: 'n1', containers: [{ name: 'c', ports: [{ name: 'web', containerPort: port }] }] },
        status: { phase: 'Running', podIP: ip, conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
      },
      { labels: { app: 'web' }, ...metadata },
    );

  it('lists ready and unready addresses by the port they lead to', () => {
    const pods = [serving('2', false), serving('1', true), serving('3', true, { port: 9090 }), pod('no-ip')];
    const { metadata, subsets } = planEndpoints(service(), pods);
    expect(metadata.ownerReferences?.[0]?.uid).to.equal('s');
    expect(subsets).to.deep.equal([
      {
        addresses: [
          { ip: '10.0.0.1', nodeName: 'n1', targetRef: { kind: 'Pod', namespace: 'shop', name: '1', uid: 'u-1' } },
        ],
        notReadyAddresses: [
          { ip: '10.0.0.2', nodeName: 'n1', targetRef: { kind: 'Pod', namespace: 'shop', name: '2', uid: 'u-2' } },
        ],
        ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
      },
      {
        addresses: [
          { ip: '10.0.0.3', nodeName: 'n1', targetRef: { kind: 'Pod', namespace: 'shop', name: '3', uid: 'u-3' } },
        ],
        ports: [{ name: 'http', port: 9090, protocol: 'TCP' }],
      },
    ]);
  });

  it('makes slices with the state of each endpoint, terminating ones included', () => {
    const ending = serving('2', true, { deletionTimestamp: time });
    const [slice] = planSlices(service(), [serving('1', true), ending]);
    expect(slice?.metadata.labels).to.deep.equal({
      team: 'x',
      'kubernetes.io/service-name': 'web',
      'endpointslice.kubernetes.io/managed-by': 'tepui-endpoints-controller',
    });
    expect(slice?.endpoints?.map(({ conditions }) => conditions)).to.deep.equal([
      { ready: true, serving: true, terminating: false },
      { ready: false, serving: true, terminating: true },
    ]);
    expect(planEndpoints(service(), [ending]).subsets).to.deep.equal([]);
  });

  it('splits large sets and keeps address families apart', () => {
    const many = Array.from({ length: 1001 }, (_, at) => serving(String(at), true));
    const slices = planSlices(service(), [...many, serving('six', true, { ip: 'fd00::1' })]);
    expect(slices.map((slice) => [slice.addressType, slice.endpoints?.length])).to.deep.equal([
      ['IPv4', 1000],
      ['IPv4', 1],
      ['IPv6', 1],
    ]);
    expect(new Set(slices.map((slice) => slice.metadata.name)).size).to.equal(3);
  });

  it('understands numbers, missing names, unready publishing and services without a selector', () => {
    const plain = service({ ports: [{ port: 80, appProtocol: 'h2c' }], publishNotReadyAddresses: true });
    expect(planEndpoints(plain, [serving('1', false)]).subsets?.[0]).to.deep.include({
      ports: [{ port: 80, protocol: 'TCP', appProtocol: 'h2c' }],
    });
    expect(
      planEndpoints(service({ ports: [{ port: 80, targetPort: 'nope' }] }), [serving('1', true)]).subsets?.[0],
    ).not.to.have.property('ports');
    expect(hasSelector(service({ selector: {} }))).to.equal(false);
    expect(hasSelector(service({ type: 'ExternalName' }))).to.equal(false);
    expect(isSelected(service(), serving('1', true))).to.equal(true);
    expect(isSelected(service({ selector: { app: 'web', tier: 'x' } }), serving('1', true))).to.equal(false);
  });
});

describe('reconciler/controllers/event-expiry: plan', () => {
  const event = (over: Partial<Event>): Event => ({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'e', creationTimestamp: time },
    involvedObject: {},
    ...over,
  });

  it('keeps an Event for an hour after it was last seen', () => {
    expect(remainingMs(event({}), nowMs)).to.equal(3_600_000);
    expect(remainingMs(event({ lastTimestamp: secondsLater(60) }), nowMs)).to.equal(3_660_000);
    expect(
      remainingMs(event({ eventTime: secondsLater(60), series: { lastObservedTime: secondsLater(90) } }), nowMs),
    ).to.equal(3_690_000);
    expect(remainingMs(event({ metadata: {} }), nowMs)).to.be.below(0);
    const full = event({ lastTimestamp: secondsLater(60), message: 'long', reason: 'x' });
    expect(slimEvent(full)).not.to.have.property('message');
    expect(remainingMs(slimEvent(full), nowMs)).to.equal(remainingMs(full, nowMs));
  });
});
