// Every stored kind once, whatever other names and versions it has: for controllers that concern all objects.
import { kindByName, kinds, type KindDefinition } from '../api/kinds.ts';
import { parseApiVersion, type ApiObject, type OwnerReference } from '../api/object.ts';

export const storedKinds: readonly KindDefinition[] = kinds.filter((kind) => kind.storedAs === undefined);

export function kindOfObject(object: ApiObject): KindDefinition | undefined {
  return kindNamed(object.apiVersion, object.kind);
}

export function kindOfOwner(reference: OwnerReference): KindDefinition | undefined {
  return kindNamed(reference.apiVersion, reference.kind);
}

/** Another version of the same group and kind is the same storage. */
function kindNamed(apiVersion: string, kind: string): KindDefinition | undefined {
  const { group, version } = parseApiVersion(apiVersion);
  return kindByName(group, version, kind) ?? storedKinds.find((one) => one.group === group && one.kind === kind);
}
