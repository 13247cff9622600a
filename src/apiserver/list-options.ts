// Query parameters of lists and watches, and the rules about which go together.
import { StatusError, invalid } from '../api/status-error.ts';
import type { StatusCause } from '../api/status-error.ts';
import { isTrue } from './router.ts';

export interface ListOptions {
  readonly labelSelector: string;
  readonly fieldSelector: string;
  /** 0: no limit. */
  readonly limit: number;
  readonly continueToken: string;
  /** undefined: the most recent state. 0: any state. */
  readonly resourceVersion: number | undefined;
  readonly match: '' | 'NotOlderThan' | 'Exact';
  readonly timeoutSeconds: number | undefined;
  readonly allowWatchBookmarks: boolean;
  readonly sendInitialEvents: boolean | undefined;
}

/** Reads and checks; the rules are those of Kubernetes' ListOptions. */
export function readListOptions(query: URLSearchParams, verb: 'list' | 'watch'): ListOptions {
  const options: ListOptions = {
    labelSelector: query.get('labelSelector') ?? '',
    fieldSelector: query.get('fieldSelector') ?? '',
    limit: readInteger(query, 'limit') ?? 0,
    continueToken: query.get('continue') ?? '',
    resourceVersion: readResourceVersion(query.get('resourceVersion')),
    match: readMatch(query.get('resourceVersionMatch')),
    timeoutSeconds: readInteger(query, 'timeoutSeconds'),
    allowWatchBookmarks: query.has('allowWatchBookmarks') && isTrue(query.get('allowWatchBookmarks')),
    sendInitialEvents: query.has('sendInitialEvents') ? isTrue(query.get('sendInitialEvents')) : undefined,
  };
  const causes = verb === 'list' ? checkList(options) : checkWatch(options);
  if (causes.length > 0) throw invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', causes);
  return options;
}

function checkList(options: ListOptions): StatusCause[] {
  const causes: StatusCause[] = [];
  if (options.sendInitialEvents !== undefined) {
    causes.push(forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list'));
  }
  if (options.match === '') return causes;
  if (options.resourceVersion === undefined) {
    causes.push(
      forbidden('resourceVersionMatch', 'resourceVersionMatch is forbidden unless resourceVersion is provided'),
    );
  }
  if (options.continueToken !== '') {
    causes.push(forbidden('resourceVersionMatch', 'resourceVersionMatch is forbidden when continue is provided'));
  }
  if (options.match === 'Exact' && options.resourceVersion === 0) {
    causes.push(forbidden('resourceVersionMatch', 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
  }
  return causes;
}

function checkWatch(options: ListOptions): StatusCause[] {
  if (options.sendInitialEvents === undefined) {
    if (options.match === '') return [];
    const text = 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided';
    return [forbidden('resourceVersionMatch', text)];
  }
  const causes: StatusCause[] = [];
  if (options.match !== 'NotOlderThan') {
    const text = 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan';
    causes.push(forbidden('resourceVersionMatch', text));
  }
  return causes;
}

function forbidden(field: string, text: string): StatusCause {
  return { reason: 'FieldValueForbidden', message: `Forbidden: ${text}`, field };
}

function readMatch(value: string | null): ListOptions['match'] {
  if (value === null || value === '') return '';
  if (value === 'NotOlderThan' || value === 'Exact') return value;
  const message = `Unsupported value: "${value}": supported values: "Exact", "NotOlderThan"`;
  throw invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', [
    { reason: 'FieldValueNotSupported', message, field: 'resourceVersionMatch' },
  ]);
}

/** A revision from a query or an object; undefined when empty. Throws BadRequest for what is no number. */
export function readResourceVersion(value: string | null | undefined): number | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  if (/^\d{1,15}$/.test(value)) return Number(value);
  throw new StatusError('BadRequest', `invalid resource version "${value}": expected a whole number`);
}

/** Throws 504 ResourceVersionTooLarge, which clients take as "not yet", for a revision that does not exist so far. */
export function checkNotFuture(asked: number | undefined, current: number): void {
  if (asked === undefined || asked <= current) return;
  throw new StatusError('Timeout', `Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}

function readInteger(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null || value === '') return undefined;
  if (/^\d{1,15}$/.test(value)) return Number(value);
  throw new StatusError('BadRequest', `${name}: expected a whole number of at least 0, got "${value}"`);
}
