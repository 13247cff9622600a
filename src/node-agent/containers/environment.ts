// The variables of a container by the rules of Kubernetes: envFrom first, then env in order, each may use what came
// before as $(NAME). Pure.
import type { Container, EnvVar, EnvVarSource, Pod } from '../../api/types.gen.ts';
import { fieldText, resourceText, type NodeFacts } from '../../isolators/field-ref.ts';
import { configError } from '../../isolators/isolation-error.ts';
import type { ReferencedObjects } from '../../isolators/isolator.ts';
import { expandVariables } from '../../isolators/variables.ts';
import { configMapTexts, secretEntries } from '../../isolators/volumes/payload.ts';

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

/** A reference to an object that variables come from. */
interface ObjectReference {
  readonly kind: 'configmap' | 'secret';
  readonly name: string;
  readonly optional: boolean;
}

function addFromObjects({ container, references }: EnvironmentSource, variables: Map<string, string>): void {
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ?? []) {
    const reference = referenceOf(configMapRef, secretRef);
    const entries = entriesOf(references, reference);
    if (!entries && !reference.optional) throw missingObject(reference, container);
    for (const [key, value] of entries ?? []) {
      if (isVariableName(prefix + key)) variables.set(prefix + key, decodeText(value));
    }
  }
}

function referenceOf(
  configMap: { name?: string; optional?: boolean } | undefined,
  secret: { name?: string; optional?: boolean } | undefined,
): ObjectReference {
  const { name = '', optional = false } = configMap ?? secret ?? {};
  return { kind: configMap ? 'configmap' : 'secret', name, optional };
}

function entriesOf(references: ReferencedObjects, { kind, name }: ObjectReference) {
  return kind === 'configmap' ? configMapTexts(references.configMap(name)) : secretEntries(references.secret(name));
}

function valueOf(source: EnvironmentSource, variable: EnvVar, known: ReadonlyMap<string, string>): string | undefined {
  const { pod, container, node } = source;
  const { valueFrom } = variable;
  const path = `containers[${container.name}].env[${variable.name}].valueFrom`;
  if (!valueFrom) return expandVariables(variable.value ?? '', known);
  if (valueFrom.fieldRef) return fieldText(pod, node, valueFrom.fieldRef, `${path}.fieldRef.fieldPath`);
  if (valueFrom.resourceFieldRef) {
    return resourceText(pod, node, valueFrom.resourceFieldRef, container.name, `${path}.resourceFieldRef.resource`);
  }
  return keyText(source, valueFrom, path);
}

function keyText({ container, references }: EnvironmentSource, from: EnvVarSource, path: string): string | undefined {
  const selector = from.configMapKeyRef ?? from.secretKeyRef;
  if (!selector) throw configError(`${path}: expected fieldRef, resourceFieldRef, configMapKeyRef or secretKeyRef`);
  const reference = referenceOf(from.configMapKeyRef, from.secretKeyRef);
  const entries = entriesOf(references, reference);
  const value = entries?.get(selector.key);
  if (value) return decodeText(value);
  if (reference.optional) return undefined;
  if (!entries) throw missingObject(reference, container);
  throw configError(
    `couldn't find key ${selector.key} in ${reference.kind} "${reference.name}", which ${path} asks for`,
  );
}

function missingObject({ kind, name }: ObjectReference, container: Container): Error {
  return configError(`${kind} "${name}" not found, which the variables of containers[${container.name}] need`);
}

function isVariableName(name: string): boolean {
  return name !== '' && !name.includes('=') && !name.includes('\0');
}

function decodeText(value: Uint8Array): string {
  return new TextDecoder().decode(value);
}
