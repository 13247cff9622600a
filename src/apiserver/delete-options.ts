// How to delete: from the body (DeleteOptions) and from the query, which fills in what the body leaves out.
import type { ApiRequest } from '../api/request.ts';
import { StatusError, invalid } from '../api/status-error.ts';
import { readBody } from './body.ts';
import { unsupportedValue } from './causes.ts';
import type { DecodeProtobuf } from './dependencies.ts';
import { isRecord, listAt, numberAt, textAt, valueAt } from './json-path.ts';
import { checkDryRun } from './write-options.ts';

export type Propagation = 'Background' | 'Foreground' | 'Orphan';

export interface DeleteOptions {
  readonly propagation: Propagation | undefined;
  readonly gracePeriodSeconds: number | undefined;
  readonly uid: string | undefined;
  readonly resourceVersion: string | undefined;
  readonly dryRun: boolean;
}

const propagations: readonly string[] = ['Background', 'Foreground', 'Orphan'];

/** Throws BadRequest or Invalid. The body may come without kind and apiVersion, or not at all. */
export function readDeleteOptions(request: ApiRequest, decodeProtobuf: DecodeProtobuf): DeleteOptions {
  const body = request.body.length === 0 ? {} : readBody(request, decodeProtobuf).value;
  if (!isRecord(body))
    throw new StatusError('BadRequest', 'the body of a DELETE must be an object of kind DeleteOptions');
  checkKind(body);
  const { query } = request;
  const dryRun = [...listAt(body, 'dryRun').map(String), ...query.getAll('dryRun')];
  const propagation = propagationOf(body, query);
  const causes = [
    ...checkDryRun(dryRun),
    ...(propagation === '' || propagations.includes(propagation)
      ? []
      : [unsupportedValue('propagationPolicy', propagation, [...propagations, ''])]),
  ];
  if (causes.length > 0) throw invalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', causes);
  return {
    propagation: propagation === '' ? undefined : (propagation as Propagation),
    gracePeriodSeconds: graceOf(body, query),
    uid: textAt(body, 'preconditions', 'uid') || undefined,
    resourceVersion: textAt(body, 'preconditions', 'resourceVersion') || undefined,
    dryRun: dryRun.includes('All'),
  };
}

function checkKind(body: object): void {
  const kind = textAt(body, 'kind');
  if (kind === '' || kind === 'DeleteOptions') return;
  throw new StatusError('BadRequest', `the body of a DELETE must be of kind DeleteOptions, found ${kind}`);
}

function propagationOf(body: object, query: URLSearchParams): string {
  const given = textAt(body, 'propagationPolicy') || (query.get('propagationPolicy') ?? '');
  if (given !== '') return given;
  // The older spelling.
  const orphan = valueAt(body, 'orphanDependents') ?? query.get('orphanDependents');
  return orphan === true || orphan === 'true' ? 'Orphan' : '';
}

function graceOf(body: object, query: URLSearchParams): number | undefined {
  const given = numberAt(body, 'gracePeriodSeconds') ?? query.get('gracePeriodSeconds') ?? undefined;
  if (given === undefined || given === '') return undefined;
  const seconds = Number(given);
  if (Number.isSafeInteger(seconds) && seconds >= 0) return seconds;
  throw new StatusError(
    'BadRequest',
    `gracePeriodSeconds: expected a whole number of at least 0, got ${String(given)}`,
  );
}
