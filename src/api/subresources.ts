// What the subresources of a kind take and give: discovery and OpenAPI describe them from here.
import type { KindDefinition, Verb } from './kinds.ts';

export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

export interface Subresource {
  readonly name: string;
  readonly verbs: readonly Verb[];
  /** What its requests and answers are; for a log, which is plain text, the kind that it belongs to. */
  readonly kind: GroupVersionKind;
  /** Name of the definition of that kind in schemas/. */
  readonly schema: string;
  /** True when answers are text rather than objects. */
  readonly isText: boolean;
}

interface Row {
  readonly verbs: readonly Verb[];
  /** Absent: that of the resource itself. */
  readonly kind?: GroupVersionKind;
  readonly schema?: string;
  readonly isText?: boolean;
}

const changeable: readonly Verb[] = ['get', 'patch', 'update'];

const rows: Readonly<Record<string, Row>> = {
  status: { verbs: changeable },
  scale: {
    verbs: changeable,
    kind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
    schema: 'io.k8s.api.autoscaling.v1.Scale',
  },
  binding: {
    verbs: ['create'],
    kind: { group: '', version: 'v1', kind: 'Binding' },
    schema: 'io.k8s.api.core.v1.Binding',
  },
  eviction: {
    verbs: ['create'],
    kind: { group: 'policy', version: 'v1', kind: 'Eviction' },
    schema: 'io.k8s.api.policy.v1.Eviction',
  },
  log: { verbs: ['get'], isText: true },
  finalize: { verbs: ['update'] },
};

/** The subresources of a kind in the order of its row. Throws for a name that this table lacks. */
export function subresourcesOf(owner: KindDefinition): readonly Subresource[] {
  return owner.subresources.map((name) => {
    const row = rows[name];
    if (row === undefined) throw new Error(`subresource ${name} of ${owner.kind} is not described`);
    const { group, version, kind } = owner;
    return {
      name,
      verbs: row.verbs,
      kind: row.kind ?? { group, version, kind },
      schema: row.schema ?? owner.schema,
      isText: row.isText ?? false,
    };
  });
}
