// Query parameters of writes: dryRun, fieldManager, fieldValidation, force.
import type { ApiRequest } from '../api/request.ts';
import { invalid } from '../api/status-error.ts';
import type { StatusCause } from '../api/status-error.ts';
import { isTrue } from './router.ts';

export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';

export interface WriteOptions {
  readonly dryRun: boolean;
  /** Who is recorded as the owner of the fields written; by default the first part of the User-Agent. */
  readonly fieldManager: string;
  /** False when `fieldManager` is the default. */
  readonly fieldManagerGiven: boolean;
  readonly fieldValidation: FieldValidation;
  readonly force: boolean;
}

const longestManager = 128;

/** @param kind how errors name the options: `CreateOptions`, `PatchOptions`, … */
export function readWriteOptions(request: ApiRequest, kind: string): WriteOptions {
  const { query } = request;
  const given = query.get('fieldManager') ?? '';
  const fieldValidation = query.get('fieldValidation') ?? '';
  const causes = [
    ...checkDryRun(query.getAll('dryRun')),
    ...checkManager(given),
    ...checkChoice('fieldValidation', fieldValidation, ['', 'Ignore', 'Warn', 'Strict']),
  ];
  if (causes.length > 0) throw invalid({ group: 'meta.k8s.io', kind }, '', causes);
  return {
    dryRun: isDryRun(query.getAll('dryRun')),
    fieldManager: given === '' ? managerOfUserAgent(request.headers['user-agent'] ?? '') : given,
    fieldManagerGiven: given !== '',
    fieldValidation: fieldValidation === '' ? 'Warn' : (fieldValidation as FieldValidation),
    force: query.has('force') && isTrue(query.get('force')),
  };
}

const isDryRun = (values: readonly string[]): boolean => values.includes('All');

/** `All` is the only dry run there is. */
export function checkDryRun(values: readonly string[]): readonly StatusCause[] {
  return values.flatMap((value) => checkChoice('dryRun', value, ['', 'All']));
}

function checkChoice(field: string, value: string, supported: readonly string[]): StatusCause[] {
  if (supported.includes(value)) return [];
  const list = supported.filter((choice) => choice !== '').map((choice) => JSON.stringify(choice));
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${list.join(', ')}`;
  return [{ reason: 'FieldValueNotSupported', message, field }];
}

function checkManager(given: string): StatusCause[] {
  if (given.length > longestManager) {
    const message = `Too long: may not be more than ${longestManager} bytes`;
    return [{ reason: 'FieldValueTooLong', message, field: 'fieldManager' }];
  }
  if (/^[\x20-\x7e\u00a0-\uffff]*$/.test(given)) return [];
  const message = `Invalid value: ${JSON.stringify(given)}: should not contain non-printable characters`;
  return [{ reason: 'FieldValueInvalid', message, field: 'fieldManager' }];
}

function managerOfUserAgent(userAgent: string): string {
  const first = userAgent.split('/')[0]?.slice(0, longestManager) ?? '';
  return first === '' ? 'unknown' : first;
}
