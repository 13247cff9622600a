// Every kind that is served, with what is special about it.
import { kinds, storageOf } from '../api/kinds.ts';
import type { KindDefinition } from '../api/kinds.ts';
import { resourceId } from '../api/object.ts';
import type { Strategy } from './strategy.ts';

export interface Resource {
  readonly definition: KindDefinition;
  /** Where the store keeps it: `pods`, `deployments.apps`. */
  readonly storage: string;
  readonly strategy: Strategy;
}

export interface Registry {
  readonly resources: readonly Resource[];
  byPlural(group: string, version: string, plural: string): Resource | undefined;
}

/** @param strategies by plural and group (`deployments.apps`); a kind without one is plain */
export function createRegistry(strategies: Readonly<Record<string, Strategy>>): Registry {
  const resources = kinds.map((definition) => ({
    definition,
    storage: storageOf(definition),
    strategy: strategies[resourceId(definition.group, definition.plural)] ?? {},
  }));
  const byPath = new Map(resources.map((resource) => [pathKey(resource.definition), resource]));
  return {
    resources,
    byPlural: (group, version, plural) => byPath.get(pathKey({ group, version, plural })),
  };
}

function pathKey(kind: { group: string; version: string; plural: string }): string {
  return `${kind.group}/${kind.version}/${kind.plural}`;
}
