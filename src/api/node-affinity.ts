// Which nodes a pod asks for by label and by name: nodeSelector and node affinity.
import type { NodeSelectorRequirement, NodeSelectorTerm } from './types.gen.ts';

export interface NodeTraits {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** True when the node has every pair. */
export function matchesNodeLabels(wanted: Readonly<Record<string, string>>, node: NodeTraits): boolean {
  for (const key in wanted) if (node.labels[key] !== wanted[key]) return false;
  return true;
}

/** Terms are alternatives; within one, every expression must hold. A term without expressions matches nothing. */
export function matchesAnyTerm(terms: readonly NodeSelectorTerm[], node: NodeTraits): boolean {
  return terms.some((term) => matchesTerm(term, node));
}

/** See `matchesAnyTerm`. Of a node's fields only `metadata.name` can be asked for. */
export function matchesTerm(term: NodeSelectorTerm, node: NodeTraits): boolean {
  const expressions = term.matchExpressions ?? [];
  const fields = term.matchFields ?? [];
  if (expressions.length + fields.length === 0) return false;
  return (
    expressions.every((requirement) => holds(requirement, node.labels[requirement.key])) &&
    fields.every((requirement) => holds(requirement, requirement.key === 'metadata.name' ? node.name : undefined))
  );
}

function holds({ operator, values = [] }: NodeSelectorRequirement, found: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return found !== undefined && values.includes(found);
    case 'NotIn':
      return found === undefined || !values.includes(found);
    case 'Exists':
      return found !== undefined;
    case 'DoesNotExist':
      return found === undefined;
    case 'Gt':
      return compare(found, values[0]) > 0;
    case 'Lt':
      return compare(found, values[0]) < 0;
    default:
      return false;
  }
}

/** NaN, and so neither greater nor less, unless both are integers. */
function compare(found: string | undefined, limit: string | undefined): number {
  return asInteger(found) - asInteger(limit);
}

function asInteger(text: string | undefined): number {
  return text !== undefined && /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
}
