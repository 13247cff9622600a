// What is special about deployments and replica sets: a selector that fits the template and never changes.
import type { ApiObject } from '../../api/object.ts';
import { matchesLabels, selectorOf } from '../../api/selectors.ts';
import type { LabelSelectorObject } from '../../api/selectors.ts';
import type { StatusCause } from '../../api/status-error.ts';
import type { Deployment, DeploymentSpec, DeploymentStrategy, PodTemplateSpec } from '../../api/types.gen.ts';
import { deepEqual } from '../../lib/deep.ts';
import { forbiddenField, immutable, invalidValue, unsupportedValue } from '../causes.ts';
import { recordAt, valueAt, withSpec } from '../json-path.ts';
import { checkLabels } from '../metadata-rules.ts';
import type { Strategy } from '../strategy.ts';
import { checkPodSpec, memoryHints, withPodDefaults } from './pod-spec-rules.ts';
import { unenforcedFields } from './unenforced.ts';

const templatePath = 'spec.template.spec';

const templateOf = (object: ApiObject): PodTemplateSpec => recordAt(object, 'spec', 'template');
const selectorIn = (object: ApiObject): LabelSelectorObject => recordAt(object, 'spec', 'selector');

export const replicaSetStrategy: Strategy = {
  defaults: withTemplateDefaults,
  validate: checkWorkload,
  validateUpdate: checkSelectorKept,
  warnings: templateWarnings,
};

export const deploymentStrategy: Strategy = {
  ...replicaSetStrategy,
  defaults: (object) => withRolloutDefaults(withTemplateDefaults(object)),
  validate: (object) => [...checkWorkload(object), ...checkRollout(object as unknown as Deployment)],
};

function withTemplateDefaults(object: ApiObject): ApiObject {
  const template = templateOf(object);
  if (template.spec === undefined) return object;
  return withSpec(object, { template: { ...template, spec: withPodDefaults(template.spec) } });
}

/** A quarter more and a quarter fewer pods while rolling, wherever the type is RollingUpdate. */
export function withRolloutDefaults(object: ApiObject): ApiObject {
  const strategy = recordAt(object, 'spec', 'strategy');
  const { type = 'RollingUpdate', rollingUpdate } = strategy;
  if (type !== 'RollingUpdate') return object;
  const limits = { maxSurge: '25%', maxUnavailable: '25%', ...recordAt(rollingUpdate) };
  return withSpec(object, { strategy: { ...strategy, type, rollingUpdate: limits } });
}

function checkWorkload(object: ApiObject): readonly StatusCause[] {
  const { metadata, spec } = templateOf(object);
  return [
    ...checkSelector(selectorIn(object), metadata?.labels ?? {}),
    ...checkLabels(metadata?.labels ?? {}, 'spec.template.metadata.labels'),
    ...(spec === undefined ? [] : checkPodSpec(spec, templatePath)),
    ...(spec?.restartPolicy === undefined || spec.restartPolicy === 'Always'
      ? []
      : [unsupportedValue(`${templatePath}.restartPolicy`, spec.restartPolicy, ['Always'])]),
  ];
}

function checkSelector(
  selector: LabelSelectorObject,
  labels: Readonly<Record<string, string>>,
): readonly StatusCause[] {
  const size = Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions?.length ?? 0);
  if (size === 0) {
    return [invalidValue('spec.selector', selector, 'empty selector is invalid for deployment')];
  }
  if (matchesLabels(selectorOf(selector), labels)) return [];
  return [invalidValue('spec.template.metadata.labels', labels, '`selector` does not match template `labels`')];
}

function checkSelectorKept(next: ApiObject, live: ApiObject): readonly StatusCause[] {
  const selector = selectorIn(next);
  return deepEqual(selector, selectorIn(live)) ? [] : [immutable('spec.selector', selector)];
}

function checkRollout({ spec }: Deployment): readonly StatusCause[] {
  return spec === undefined ? [] : [...checkStrategy(spec.strategy ?? {}), ...checkDeadline(spec)];
}

function checkStrategy({ type, rollingUpdate }: DeploymentStrategy): readonly StatusCause[] {
  const path = 'spec.strategy.rollingUpdate';
  if (type === 'Recreate' && rollingUpdate !== undefined) {
    return [forbiddenField(path, "may not be specified when strategy `type` is 'Recreate'")];
  }
  if (type !== 'Recreate' && isZero(rollingUpdate?.maxSurge) && isZero(rollingUpdate?.maxUnavailable)) {
    return [invalidValue(`${path}.maxUnavailable`, rollingUpdate?.maxUnavailable, 'may not be 0 when `maxSurge` is 0')];
  }
  return [];
}

function checkDeadline(spec: DeploymentSpec): readonly StatusCause[] {
  const { progressDeadlineSeconds: deadline, minReadySeconds: ready = 0 } = spec;
  if (deadline === undefined || deadline > ready) return [];
  return [invalidValue('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds')];
}

function isZero(value: number | string | undefined): boolean {
  return value === 0 || value === '0' || value === '0%';
}

function templateWarnings(object: ApiObject): readonly string[] {
  if (valueAt(object, 'spec', 'template', 'spec') === undefined) return [];
  const { spec } = templateOf(object);
  return spec === undefined ? [] : [...unenforcedFields(spec, templatePath), ...memoryHints(spec, templatePath)];
}
