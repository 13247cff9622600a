// A request's JSON value → an object of the kind that the path names.
import type { ApiObject } from '../api/object.ts';
import { formatApiVersion } from '../api/object.ts';
import { StatusError } from '../api/status-error.ts';
import { isRecord } from './json-path.ts';

export interface ExpectedType {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** Fills in an absent kind and apiVersion. Throws BadRequest when they, or metadata, are not what the path asks for. */
export function decodeObject(value: unknown, expected: ExpectedType): ApiObject {
  if (!isRecord(value)) {
    throw new StatusError('BadRequest', `the body of the request must be an object of kind ${expected.kind}`);
  }
  const { kind = '', apiVersion = '', metadata = {} } = value;
  const wanted = formatApiVersion(expected.group, expected.version);
  if (kind !== '' && kind !== expected.kind) {
    const [found, version] = [String(kind), String(apiVersion)];
    throw new StatusError('BadRequest', `${found} in version "${version}" cannot be handled as a ${expected.kind}`);
  }
  if (apiVersion !== '' && apiVersion !== wanted) {
    throw new StatusError(
      'BadRequest',
      `the API version in the data (${String(apiVersion)}) does not match the expected API version (${wanted})`,
    );
  }
  if (!isRecord(metadata)) {
    throw new StatusError('BadRequest', `metadata must be an object, found ${JSON.stringify(metadata)}`);
  }
  return { ...value, kind: expected.kind, apiVersion: wanted, metadata };
}
