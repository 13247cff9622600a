// One column of `kubectl get`.
import type { ApiObject } from '../../api/object.ts';
import { humanAge } from './human-duration.ts';

export interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'date';
  /** `name` marks the column with the object's name. */
  readonly format: string;
  readonly description: string;
  /** 0: always; 1: only with `-o wide`. */
  readonly priority: number;
  readonly cell: (object: ApiObject, nowMs: number) => unknown;
}

type Cell = (object: ApiObject, nowMs: number) => unknown;

export const text = (name: string, description: string, cell: Cell): Column => ({
  name,
  type: 'string',
  format: '',
  description,
  priority: 0,
  cell,
});

export const integer = (name: string, description: string, cell: Cell): Column => ({
  ...text(name, description, cell),
  type: 'integer',
});

export const wide = (column: Column): Column => ({ ...column, priority: 1 });

export const nameColumn: Column = {
  ...text('Name', 'Name of the object, unique in its namespace.', (object) => object.metadata.name ?? ''),
  format: 'name',
};

export const ageColumn: Column = text('Age', 'Time since the object was created.', (object, nowMs) =>
  humanAge(object.metadata.creationTimestamp, nowMs),
);

/** Text, or `<none>` for an empty one. */
export function orNone(value: string): string {
  return value === '' ? '<none>' : value;
}
