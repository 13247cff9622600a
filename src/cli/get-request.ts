// What `get` and its watch share: options, queries and the forms in which things are printed.
import { stringify } from 'yaml';
import type { ApiObject } from '../api/object.ts';
import type { Selection } from './selection.ts';
import type { Session } from './session.ts';
import type { TableOptions } from './table.ts';

export interface GetOptions {
  readonly output?: string;
  readonly selector?: string;
  readonly fieldSelector?: string;
  readonly allNamespaces?: boolean;
  readonly watch?: boolean;
  readonly showLabels?: boolean;
  /** False for `--no-headers`. */
  readonly headers?: boolean;
  readonly ignoreNotFound?: boolean;
}

export const tableAccept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

export const isTable = ({ output }: GetOptions) => output === undefined || output === 'wide';

export function tableOptions({ resource }: Selection, options: GetOptions, isOneOfSeveral: boolean): TableOptions {
  const { plural, group, singular } = resource;
  const name = singular || plural;
  return {
    wide: options.output === 'wide',
    withNamespace: options.allNamespaces === true && resource.namespaced,
    withLabels: options.showLabels === true,
    withoutHeader: options.headers === false,
    ...(isOneOfSeveral ? { prefix: group === '' ? name : `${name}.${group}` } : {}),
  };
}

/** Empty for all namespaces, and for what has none. */
export function namespaceOf(session: Session, { resource }: Selection, options: GetOptions): string {
  return !resource.namespaced || options.allNamespaces === true ? '' : session.namespace;
}

/** The selectors as a query. */
export function queryOf(options: GetOptions): Record<string, string> {
  return {
    ...(options.selector === undefined ? {} : { labelSelector: options.selector }),
    ...(options.fieldSelector === undefined ? {} : { fieldSelector: options.fieldSelector }),
  };
}

/** As YAML unless `json` is asked for. */
export function formatDocument(document: unknown, output: string | undefined): string {
  return output === 'json' ? JSON.stringify(document, undefined, 4) : stringify(document).trimEnd();
}

/** With its kind, which members of lists lack, and without the book-keeping of field owners. */
export function asPrinted(object: ApiObject, { resource }: Selection): ApiObject {
  const { group, version, kind } = resource;
  const apiVersion = group === '' ? version : `${group}/${version}`;
  const metadata = Object.fromEntries(Object.entries(object.metadata).filter(([field]) => field !== 'managedFields'));
  return { ...object, apiVersion, kind, metadata };
}
