// Answers while nobody is known to lead: what the local replica can say, marked where it may be out of date, or a refusal.
// The rules and their price: docs/decisions/0008-reads-without-a-leader.md.
import type { ApiRequest, ApiResponse, Handler } from '../../api/request.ts';
import { StatusError } from '../../api/status-error.ts';
import { formatWarning } from '../respond.ts';
import type { LeaderView } from './leader-view.ts';
import type { Need } from './request-kind.ts';

/** Clients repeat the request after this time. */
const retryAfterSeconds = 1;
/** How long a read waits for a revision that this replica has not read yet, as long as nobody leads. */
const revisionWaitMs = 1000;
const revisionLookMs = 100;

/** The refusal of a request that only a leader can answer. Nothing of it was done. */
export function noLeader(trouble: string, need: Need): StatusError {
  const what = need === 'write' ? 'the write was not made' : 'the newest state cannot be read';
  return new StatusError('ServiceUnavailable', `${what}: ${trouble}; try again`, { retryAfterSeconds });
}

/** Throws ServiceUnavailable where nothing but the leader will do. */
export async function answerWithoutLeader(
  local: Handler,
  view: LeaderView,
  request: ApiRequest,
  need: Need,
  trouble: string,
): Promise<ApiResponse> {
  if (need === 'write' || need === 'leader') throw noLeader(trouble, need);
  const response = await untilRead(local, view, request);
  return need === 'newest' ? withWarning(response, `this may be out of date: ${trouble}`) : response;
}

/** A client may know a newer revision from another server. It arrives here soon, or not as long as the trouble lasts. */
async function untilRead(local: Handler, view: LeaderView, request: ApiRequest): Promise<ApiResponse> {
  let response = await local(request);
  for (let waitedMs = 0; waitedMs < revisionWaitMs && isTooNew(response); waitedMs += revisionLookMs) {
    await view.changed(revisionLookMs, request.signal);
    response = await local(request);
  }
  return response;
}

function isTooNew({ status, body }: ApiResponse): boolean {
  return status === 504 && body instanceof Uint8Array && Buffer.from(body).includes('ResourceVersionTooLarge');
}

function withWarning(response: ApiResponse, text: string): ApiResponse {
  if (response.status >= 400 && response.status !== 404) return response;
  const given = response.headers['warning'] ?? [];
  const warning = [...(typeof given === 'string' ? [given] : given), formatWarning(text)];
  return { ...response, headers: { ...response.headers, warning } };
}
