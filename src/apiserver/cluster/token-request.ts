// The body of `POST /tepui/v1/tokens`, checked field by field.
import type { TokenRequest } from '../../api/cluster-facts.ts';
import type { ApiRequest } from '../../api/request.ts';
import { StatusError, invalid, type StatusCause } from '../../api/status-error.ts';
import { checkSize, mediaType, parseJson, unsupported } from '../body.ts';
import { isRecord } from '../json-path.ts';

const roles: readonly string[] = ['agent', 'server', 'any'] satisfies TokenRequest['role'][];
/** Ten years: as long as the cluster's authority lives. */
const longestTtlSeconds = 3650 * 24 * 60 * 60;
const fields: ReadonlySet<string> = new Set(['role', 'ttlSeconds']);

/** Throws UnsupportedMediaType, BadRequest for a body that is no JSON object, Invalid with every mistake in it. */
export function readTokenRequest(request: ApiRequest): TokenRequest {
  checkSize(request.body);
  const type = mediaType(request);
  if (type !== '' && type !== 'application/json') throw unsupported(['application/json']);
  const { value } = parseJson(request.body);
  if (!isRecord(value))
    throw new StatusError('BadRequest', 'expected a JSON object such as {"role":"agent","ttlSeconds":86400}');
  const causes = [...checkRole(value['role']), ...checkTtl(value['ttlSeconds']), ...checkUnknown(value)];
  if (causes.length > 0) throw invalid({ group: 'tepui.dev', kind: 'TokenRequest' }, '', causes);
  return { role: value['role'] as TokenRequest['role'], ttlSeconds: value['ttlSeconds'] as number };
}

function checkRole(role: unknown): StatusCause[] {
  if (role === undefined) return [{ reason: 'FieldValueRequired', field: 'role', message: `Required value: ${known}` }];
  if (typeof role === 'string' && roles.includes(role)) return [];
  const message = `Unsupported value: ${JSON.stringify(role)}: ${known}`;
  return [{ reason: 'FieldValueNotSupported', field: 'role', message }];
}

const known = `supported values: ${roles.map((role) => `"${role}"`).join(', ')}`;

function checkTtl(ttl: unknown): StatusCause[] {
  const expected = `a whole number of seconds from 0 (for ever) to ${longestTtlSeconds} (ten years)`;
  const field = 'ttlSeconds';
  if (ttl === undefined)
    return [{ reason: 'FieldValueRequired', field, message: `Required value: expected ${expected}` }];
  if (Number.isInteger(ttl) && (ttl as number) >= 0 && (ttl as number) <= longestTtlSeconds) return [];
  return [
    { reason: 'FieldValueInvalid', field, message: `Invalid value: ${JSON.stringify(ttl)}: expected ${expected}` },
  ];
}

function checkUnknown(value: Readonly<Record<string, unknown>>): StatusCause[] {
  const unknown = Object.keys(value).filter((name) => !fields.has(name));
  return unknown.map((field) => ({
    reason: 'FieldValueForbidden',
    field,
    message: `Forbidden: unknown field; expected role and ttlSeconds`,
  }));
}
