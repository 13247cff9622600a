// Label and field selectors of a list or watch: what the store's indexes can serve of them, and the whole test.
import { matchesFields, parseFieldSelector, requiredFields } from '../api/field-selectors.ts';
import { matchesLabels, parseLabelSelector, requiredLabels } from '../api/selectors.ts';
import type { ListQuery, StoredObject } from '../store/store.ts';
import { selectableFields, storedField } from './selectable-fields.ts';
import type { ListOptions } from './list-options.ts';

export interface Selection {
  /** Nothing is left out. */
  readonly everything: boolean;
  /** The part that an index can serve; every match fulfils it. */
  readonly indexed: Pick<ListQuery, 'labels' | 'fields' | 'name'>;
  /** The one name that can match, if the selectors fix it. */
  readonly name: string | undefined;
  matches(stored: StoredObject): boolean;
}

/** Throws BadRequest for bad syntax and for a field that `resource` cannot be selected by. */
export function readSelection(
  resource: string,
  options: Pick<ListOptions, 'labelSelector' | 'fieldSelector'>,
): Selection {
  const labels = parseLabelSelector(options.labelSelector);
  const fields = parseFieldSelector(options.fieldSelector, selectableFields(resource)).map((requirement) => ({
    ...requirement,
    field: storedField(resource, requirement.field),
  }));
  const indexedLabels = requiredLabels(labels);
  const indexedFields = requiredFields(fields);
  const name = indexedFields['metadata.name'];
  return {
    everything: labels.length === 0 && fields.length === 0,
    indexed: {
      ...(Object.keys(indexedLabels).length > 0 ? { labels: indexedLabels } : {}),
      ...(Object.keys(indexedFields).length > 0 ? { fields: indexedFields } : {}),
      ...(name === undefined || name === '' ? {} : { name }),
    },
    name: name === '' ? undefined : name,
    matches: (stored) => matchesLabels(labels, stored.labels) && matchesFields(fields, stored.fields),
  };
}
