// Columns of config maps, secrets and service accounts.
import { listAt, recordAt, textAt } from '../json-path.ts';
import { ageColumn, integer, nameColumn, text } from './column.ts';
import type { Column } from './column.ts';

const sizeOf = (value: object): number => Object.keys(value).length;

export const configMapColumns: readonly Column[] = [
  nameColumn,
  integer(
    'Data',
    'Number of keys.',
    (object) => sizeOf(recordAt(object, 'data')) + sizeOf(recordAt(object, 'binaryData')),
  ),
  ageColumn,
];

export const secretColumns: readonly Column[] = [
  nameColumn,
  text('Type', 'What the secret is for.', (object) => textAt(object, 'type')),
  integer('Data', 'Number of keys.', (object) => sizeOf(recordAt(object, 'data'))),
  ageColumn,
];

export const serviceAccountColumns: readonly Column[] = [
  nameColumn,
  integer('Secrets', 'Number of secrets listed.', (object) => listAt(object, 'secrets').length),
  ageColumn,
];
