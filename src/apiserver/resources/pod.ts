// What is special about pods: computed defaults, priority, what may change, graceful deletion.
import type { ApiObject } from '../../api/object.ts';
import type { StatusCause } from '../../api/status-error.ts';
import type { Container, Pod, PodSpec, PodStatus, Toleration } from '../../api/types.gen.ts';
import { deepEqual } from '../../lib/deep.ts';
import { resolvePriority } from '../admission/priority.ts';
import { forbiddenField } from '../causes.ts';
import { without } from '../json-path.ts';
import type { Strategy } from '../strategy.ts';
import { checkPodSpec, memoryHints, withPodDefaults } from './pod-spec-rules.ts';
import { qosClassOf } from './qos-class.ts';
import { unenforcedFields } from './unenforced.ts';

const asPod = (object: ApiObject): Pod => object as unknown as Pod;
const specOf = (object: ApiObject): PodSpec => asPod(object).spec ?? { containers: [] };

const evictionSeconds = 300;

export const podStrategy: Strategy = {
  defaults: (object) => ({ ...object, spec: withPodDefaults(specOf(object)) }),
  prepareForCreate(object, { time }) {
    const spec = specOf(object);
    const account = spec.serviceAccountName ?? 'default';
    return {
      ...object,
      spec: {
        ...spec,
        serviceAccountName: account,
        serviceAccount: account,
        tolerations: withNodeTolerations(spec.tolerations ?? []),
      },
      status: { phase: 'Pending', ...gatedCondition(spec, time), qosClass: qosClassOf(spec) },
    };
  },
  validate: (object) => checkPodSpec(specOf(object), 'spec'),
  validateUpdate: (next, live) => checkChange(specOf(next), specOf(live)),
  warnings: (object) => [...unenforcedFields(specOf(object), 'spec'), ...memoryHints(specOf(object), 'spec')],
  admit: (next, live, context) => (live === undefined ? resolvePriority(next, context) : next),
  graceSeconds,
};

/** Nobody places a pod with gates, so nobody else says what it waits for. */
function gatedCondition({ schedulingGates = [] }: PodSpec, time: string): Pick<PodStatus, 'conditions'> {
  if (schedulingGates.length === 0) return {};
  const message = 'Scheduling is blocked due to non-empty scheduling gates';
  const state = { type: 'PodScheduled', status: 'False', reason: 'SchedulingGated', message };
  return { conditions: [{ ...state, lastTransitionTime: time }] };
}

/** A pod stays where it is for five minutes when its node stops answering, unless it says otherwise. */
function withNodeTolerations(tolerations: readonly Toleration[]): readonly Toleration[] {
  const missing = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'].filter(
    (key) => !tolerations.some((toleration) => toleratesEviction(toleration, key)),
  );
  return [
    ...tolerations,
    ...missing.map((key) => ({
      key,
      operator: 'Exists' as const,
      effect: 'NoExecute' as const,
      tolerationSeconds: evictionSeconds,
    })),
  ];
}

function toleratesEviction(toleration: Toleration, key: string): boolean {
  const { effect } = toleration;
  return ['', key].includes(toleration.key ?? '') && (effect === undefined || effect === 'NoExecute');
}

/** Pods on a node are ended there first; others have nothing to end. */
function graceSeconds(live: ApiObject, asked: number | undefined): number {
  const { spec, status } = asPod(live);
  if ((spec?.nodeName ?? '') === '') return 0;
  if (status?.phase === 'Succeeded' || status?.phase === 'Failed') return 0;
  return asked ?? spec?.terminationGracePeriodSeconds ?? 30;
}

const immutableText =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,' +
  '`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),' +
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/** Kubernetes' rule, and its words. */
function checkChange(next: PodSpec, live: PodSpec): readonly StatusCause[] {
  if (!deepEqual(fixedPart(next), fixedPart(live)) || !keepsTolerations(next, live))
    return [forbiddenField('spec', immutableText)];
  const gates = new Set((live.schedulingGates ?? []).map(({ name }) => name));
  const added = (next.schedulingGates ?? []).filter(({ name }) => !gates.has(name));
  return added.length === 0 ? [] : [forbiddenField('spec.schedulingGates', 'only deletion is allowed')];
}

/** The spec without what may change. */
function fixedPart(spec: PodSpec): object {
  const withoutImage = (container: Container) => without(container, 'image');
  return {
    ...without(spec, 'activeDeadlineSeconds', 'tolerations', 'schedulingGates'),
    containers: spec.containers.map(withoutImage),
    initContainers: (spec.initContainers ?? []).map(withoutImage),
  };
}

function keepsTolerations(next: PodSpec, live: PodSpec): boolean {
  const now = next.tolerations ?? [];
  return (live.tolerations ?? []).every((toleration) =>
    now.some((kept) => deepEqual({ ...kept, tolerationSeconds: 0 }, { ...toleration, tolerationSeconds: 0 })),
  );
}
