// The variables of a container by the rules of Kubernetes: envFrom first, then env in order, each may use what came
// before as $(NAME). Pure.
import type { Container, EnvVar, Pod } from '../../api/types.gen.ts';
import { fieldText, resourceText, type NodeFacts } from '../../isolators/field-ref.ts';
import { configError } from '../../isolators/isolation-error.ts';
import type { ReferencedObjects } from '../../isolators/isolator.ts';
import { expandVariables } from '../../isolators/variables.ts';
import { configMapEntries, secretEntries } from '../../isolators/volumes/payload.ts';

export interface EnvironmentSource {
  readonly pod: Pod;
  readonly container: Container;
  readonly references: ReferencedObjects;
  readonly node: NodeFacts;
}

/** Throws IsolationError that names the missing object or key. */
export function containerVariables(source: EnvironmentSource): Map<string, string> {
  const variables = new Map<string, string>();
  addFromObjects(source, variables);
  for (const variable of source.container.env ?? []) {
    const value = valueOf(source, variable, variables);
    if (value !== undefined) variables.set(variable.name, value);
  }
  return variables;
}

function addFromObjects({ container, references }: EnvironmentSource, variables: Map<string, string>): void {
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ?? []) {
    const named = configMapRef ?? secretRef;
    const name = named?.name ?? '';
    const entries = configMapRef
      ? configMapEntries(references.configMap(name))
      : secretEntries(references.secret(name));
    if (!entries && named?.optional !== true)
      throw missingObject(configMapRef ? 'configmap' : 'secret', name, container);
    for (const [key, value] of entries ?? []) {
      if (isVariableName(prefix + key)) variables.set(prefix + key, decodeText(value));
    }
  }
}

function valueOf(
  { pod, container, references, node }: EnvironmentSource,
  variable: EnvVar,
  known: ReadonlyMap<string, string>,
): string | undefined {
  const { valueFrom } = variable;
  const path = `containers[${container.name}].env[${variable.name}].valueFrom`;
  if (!valueFrom) return expandVariables(variable.value ?? '', known);
  if (valueFrom.fieldRef) return fieldText(pod, node, valueFrom.fieldRef, `${path}.fieldRef.fieldPath`);
  if (valueFrom.resourceFieldRef) {
    return resourceText(pod, node, valueFrom.resourceFieldRef, container.name, `${path}.resourceFieldRef.resource`);
  }
  const { configMapKeyRef, secretKeyRef } = valueFrom;
  const selector = configMapKeyRef ?? secretKeyRef;
  if (!selector) throw configError(`${path}: expected fieldRef, resourceFieldRef, configMapKeyRef or secretKeyRef`);
  const name = selector.name ?? '';
  const kind = configMapKeyRef ? 'configmap' : 'secret';
  const entries = configMapKeyRef
    ? configMapEntries(references.configMap(name))
    : secretEntries(references.secret(name));
  const value = entries?.get(selector.key);
  if (value) return decodeText(value);
  if (selector.optional === true) return undefined;
  if (!entries) throw missingObject(kind, name, container);
  throw configError(`couldn't find key ${selector.key} in ${kind} "${name}", which ${path} asks for`);
}

function missingObject(kind: string, name: string, container: Container): Error {
  return configError(`${kind} "${name}" not found, which the variables of containers[${container.name}] need`);
}

function isVariableName(name: string): boolean {
  return name !== '' && !name.includes('=') && !name.includes('\0');
}

function decodeText(value: Uint8Array): string {
  return new TextDecoder().decode(value);
}
