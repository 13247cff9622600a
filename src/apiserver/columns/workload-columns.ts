// Columns of what makes pods: deployments, replica sets, apps.
import type { ApiObject } from '../../api/object.ts';
import { formatLabelSelector, selectorOf } from '../../api/selectors.ts';
import type { LabelSelectorObject } from '../../api/selectors.ts';
import { listAt, numberAt, textAt, valueAt } from '../json-path.ts';
import { ageColumn, integer, nameColumn, orNone, text, wide } from './column.ts';
import type { Column } from './column.ts';

const counted =
  (...path: string[]) =>
  (object: ApiObject) =>
    numberAt(object, ...path) ?? 0;

const containerTexts = (object: ApiObject, field: string): string =>
  orNone(
    listAt(object, 'spec', 'template', 'spec', 'containers')
      .map((container) => textAt(container, field))
      .filter((value) => value !== '')
      .join(','),
  );

const templateColumns: readonly Column[] = [
  wide(text('Containers', 'Names of the containers in the template.', (object) => containerTexts(object, 'name'))),
  wide(text('Images', 'Images of the containers in the template.', (object) => containerTexts(object, 'image'))),
  wide(
    text('Selector', 'Labels by which it finds its pods.', (object) => {
      const selector = valueAt(object, 'spec', 'selector') as LabelSelectorObject | undefined;
      return orNone(selector === undefined ? '' : formatLabelSelector(selectorOf(selector)));
    }),
  ),
];

export const deploymentColumns: readonly Column[] = [
  nameColumn,
  text('Ready', 'Pods that are ready, of those wanted.', (object) => {
    const ready = numberAt(object, 'status', 'readyReplicas') ?? 0;
    return `${ready}/${numberAt(object, 'spec', 'replicas') ?? 1}`;
  }),
  text('Up-to-date', 'Pods that run the newest template.', counted('status', 'updatedReplicas')),
  text('Available', 'Pods that have been ready for long enough.', counted('status', 'availableReplicas')),
  ageColumn,
  ...templateColumns,
];

export const replicaSetColumns: readonly Column[] = [
  nameColumn,
  integer('Desired', 'Pods that are wanted.', counted('spec', 'replicas')),
  integer('Current', 'Pods that exist.', counted('status', 'replicas')),
  integer('Ready', 'Pods that are ready.', counted('status', 'readyReplicas')),
  ageColumn,
  ...templateColumns,
];

export const appColumns: readonly Column[] = [
  nameColumn,
  text('Ready', 'Copies that are ready, of those wanted.', (object) => {
    const ready = numberAt(object, 'status', 'replicas', 'ready') ?? 0;
    return `${ready}/${numberAt(object, 'spec', 'replicas') ?? 1}`;
  }),
  text('Up-to-date', 'Copies that run the newest version.', counted('status', 'replicas', 'updated')),
  text('Available', 'Copies that have been ready for long enough.', counted('status', 'replicas', 'available')),
  ageColumn,
  wide(text('Image', 'Image that it runs.', (object) => orNone(textAt(object, 'spec', 'image')))),
  wide(text('Command', 'Command that it runs.', (object) => orNone(listAt(object, 'spec', 'command').join(' ')))),
];
