// Turns a pod's priorityClassName into its priority.
import type { ApiObject } from '../../api/object.ts';
import { StatusError } from '../../api/status-error.ts';
import type { PriorityClass } from '../../api/types.gen.ts';
import { numberAt, textAt, withSpec } from '../json-path.ts';
import type { WriteContext } from '../strategy.ts';

const storage = 'priorityclasses.scheduling.k8s.io';

/** Throws Forbidden when the class does not exist, or when the pod contradicts it. */
export function resolvePriority(pod: ApiObject, context: WriteContext): ApiObject {
  const name = textAt(pod, 'spec', 'priorityClassName');
  const found = name === '' ? defaultClass(context) : classOf(name, pod, context);
  const value = found?.value ?? 0;
  const given = numberAt(pod, 'spec', 'priority');
  if (given !== undefined && given !== value) {
    const text = `the integer value of priority (${given}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`;
    throw forbidden(pod, text);
  }
  const className = found?.metadata.name;
  return withSpec(pod, {
    priority: value,
    preemptionPolicy: found?.preemptionPolicy ?? 'PreemptLowerPriority',
    ...(className === undefined ? {} : { priorityClassName: className }),
  });
}

function classOf(name: string, pod: ApiObject, context: WriteContext): PriorityClass {
  const stored = context.draft.get({ resource: storage, namespace: '', name });
  if (stored === undefined) throw forbidden(pod, `no PriorityClass with name ${name} was found`);
  return stored.object() as unknown as PriorityClass;
}

function defaultClass(context: WriteContext): PriorityClass | undefined {
  const all = context.draft.list({ resource: storage }).map((stored) => stored.object() as unknown as PriorityClass);
  const defaults = all.filter((found) => found.globalDefault === true);
  return defaults.sort((a, b) => (a.value ?? 0) - (b.value ?? 0))[0];
}

function forbidden(pod: ApiObject, text: string): StatusError {
  const name = pod.metadata.name ?? '';
  return new StatusError('Forbidden', `pods "${name}" is forbidden: ${text}`, { name, kind: 'pods' });
}
