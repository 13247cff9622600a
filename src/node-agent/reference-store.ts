// The ConfigMaps and Secrets that the server sent for this node's pods, by kind, namespace and name.
import type { ConfigMap, Secret } from '../api/types.gen.ts';
import type { Reference } from '../rpc/agent-protocol.ts';
import type { References } from './containerizer.ts';

export interface ReferenceStore {
  /** Takes one in. Empty bytes mean that the object does not exist. */
  put(reference: Reference): void;
  /** Drops all that are not in `keep` (as `referenceKey`). */
  retain(keep: ReadonlySet<string>): void;
  inNamespace(namespace: string): References;
  all(): readonly Reference[];
}

export const referenceKey = (reference: Pick<Reference, 'kind' | 'namespace' | 'name'>): string =>
  `${reference.kind}/${reference.namespace}/${reference.name}`;

export function createReferenceStore(): ReferenceStore {
  const known = new Map<string, Reference>();
  const read = (kind: Reference['kind'], namespace: string, name: string): unknown => {
    const found = known.get(referenceKey({ kind, namespace, name }));
    return found && found.object.length > 0 ? JSON.parse(Buffer.from(found.object).toString('utf8')) : undefined;
  };
  return {
    put: (reference) => void known.set(referenceKey(reference), reference),
    retain(keep) {
      for (const key of known.keys()) if (!keep.has(key)) known.delete(key);
    },
    inNamespace: (namespace) => ({
      configMap: (name) => read('ConfigMap', namespace, name) as ConfigMap | undefined,
      secret: (name) => read('Secret', namespace, name) as Secret | undefined,
    }),
    all: () => [...known.values()],
  };
}
