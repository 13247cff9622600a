// The answer to an apply that would change other owners' fields, in the words that kubectl users know.
import { StatusError, type StatusCause } from '../status-error.ts';
import { formatFieldPath, type FieldPath } from './field-set.ts';
import type { Owner } from './field-owners.ts';

export interface Conflict {
  readonly owner: Owner;
  readonly path: FieldPath;
}

/** A Conflict with one FieldManagerConflict cause per field. At least one conflict must be given. */
export function applyConflict(conflicts: readonly Conflict[]): StatusError {
  const causes = conflicts.map(({ owner, path }): StatusCause => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${describe(owner)}`,
    field: formatFieldPath(path),
  }));
  return new StatusError('Conflict', `Apply failed with ${summary(conflicts)}`, { causes });
}

function summary(conflicts: readonly Conflict[]): string {
  const [only] = conflicts;
  if (conflicts.length === 1 && only !== undefined)
    return `1 conflict: conflict with ${describe(only.owner)}: ${formatFieldPath(only.path)}`;
  const byOwner = new Map<string, string[]>();
  for (const { owner, path } of conflicts) {
    const name = describe(owner);
    byOwner.set(name, [...(byOwner.get(name) ?? []), `- ${formatFieldPath(path)}`]);
  }
  const parts = [...byOwner].map(([name, paths]) => [`conflicts with ${name}:`, ...paths].join('\n'));
  return `${conflicts.length} conflicts: ${parts.join('\n')}`;
}

/** `"kubectl"`, `"kube-controller" with subresource "status" using apps/v1 at 2026-01-01T00:00:00Z`. */
function describe({ manager, operation, apiVersion, subresource, time }: Owner): string {
  const via = subresource === '' ? '' : ` with subresource ${JSON.stringify(subresource)}`;
  const version = operation === 'Update' ? ` using ${apiVersion}` : '';
  const when = operation === 'Update' && time !== undefined ? ` at ${time}` : '';
  return `${JSON.stringify(manager)}${via}${version}${when}`;
}
