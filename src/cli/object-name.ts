// How objects are called on the command line.
import { parseApiVersion, type ApiObject } from '../api/object.ts';

/** `deployment.apps/web`, as kubectl prints names. */
export function nameOf(object: ApiObject): string {
  const { group } = parseApiVersion(object.apiVersion);
  return `${object.kind.toLowerCase()}${group === '' ? '' : `.${group}`}/${object.metadata.name ?? ''}`;
}
