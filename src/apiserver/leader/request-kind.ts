// What a request needs of the server that answers it: nothing, the newest state, or the leader itself.
import type { ApiRequest } from '../../api/request.ts';
import { StatusError } from '../../api/status-error.ts';
import { isTrue } from '../router.ts';

/**
 * `own`: about the server that was asked. `document`: the same everywhere, such as discovery. `any-age`: a read that takes
 * an older state, by its resourceVersion or because it is a watch that goes on from somewhere. `newest`: a read of the
 * state as it is. `leader`: nobody else can answer it. `write`: changes something.
 */
export type Need = 'own' | 'document' | 'any-age' | 'newest' | 'leader' | 'write';

export interface RequestKind {
  readonly need: Need;
  /** Goes on until somebody ends it; its lines are whole for themselves, so that it may end after any of them. */
  readonly isWatch: boolean;
  /** Goes on until somebody ends it. */
  readonly isStream: boolean;
}

/** `Tepui-Consistency: strict` on a read: rather an error than an answer that may be out of date. */
const consistencyHeader = 'tepui-consistency';

const ownPaths: ReadonlySet<string> = new Set(['healthz', 'livez', 'readyz', 'version']);
const ownClusterPaths: ReadonlySet<string> = new Set(['/tepui/v1/cluster', '/tepui/v1/status']);

/** Throws BadRequest for a consistency that it does not know. */
export function kindOf(request: ApiRequest): RequestKind {
  const place = placeOf(request.path);
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  const isWatch = isRead && place === 'state' && isTrue(request.query.get('watch'));
  const isFollowing = isRead && request.path.endsWith('/log') && isTrue(request.query.get('follow'));
  return { need: needOf(request, place, isRead, isWatch), isWatch, isStream: isWatch || isFollowing };
}

type Place = 'own' | 'document' | 'state' | 'leader';

function placeOf(path: string): Place {
  const [, first = '', ...rest] = path.split('/').filter((segment, index) => index === 0 || segment !== '');
  if (ownPaths.has(first) || ownClusterPaths.has(path)) return 'own';
  if (first === 'tepui') return 'leader';
  // /api/VERSION and /apis/GROUP/VERSION are discovery; what is below them is state.
  if ((first === 'api' && rest.length > 1) || (first === 'apis' && rest.length > 2)) return 'state';
  return 'document';
}

function needOf(request: ApiRequest, place: Place, isRead: boolean, isWatch: boolean): Need {
  if (place === 'own') return 'own';
  if (!isRead) return 'write';
  if (place !== 'state') return place;
  if (isStrict(request)) return 'leader';
  if (isWatch) return asksForNewestList(request) ? 'newest' : 'any-age';
  return (request.query.get('resourceVersion') ?? '') === '' ? 'newest' : 'any-age';
}

/** A list in the form of a watch: first everything that there is, as of now. */
function asksForNewestList({ query }: ApiRequest): boolean {
  return isTrue(query.get('sendInitialEvents')) && (query.get('resourceVersion') ?? '') === '';
}

function isStrict(request: ApiRequest): boolean {
  const asked = request.headers[consistencyHeader];
  if (asked === undefined) return false;
  if (asked.trim().toLowerCase() === 'strict') return true;
  throw new StatusError(
    'BadRequest',
    `header Tepui-Consistency: expected "strict" or no such header, found "${asked}"`,
  );
}
