// Answers requests from outside where they belong: here while this server leads, else at the leader, streams included.
// Stands in front of the local API handler; callers in this process go to that one directly.
import type { ApiRequest, ApiResponse, Handler } from '../../api/request.ts';
import { StatusError } from '../../api/status-error.ts';
import { Unreachable } from '../../client/http-handler.ts';
import type { Log } from '../../lib/log.ts';
import type { Layer } from '../chain.ts';
import type { Leadership } from '../leadership.ts';
import { respondError } from '../respond.ts';
import { ServerStopping, untilClientGone } from '../server-stopping.ts';
import { answerHeaders, handOn, notLeadingHeader, receive } from './forwarding.ts';
import { createLeaderLink, type LeaderLink, type LeaderLinkOptions } from './leader-link.ts';
import { createLeaderView, type Leader, type LeaderView } from './leader-view.ts';
import { relay } from './relay.ts';
import { kindOf, type RequestKind } from './request-kind.ts';
import { answerWithoutLeader } from './without-leader.ts';

export interface LeaderProxyOptions extends LeaderLinkOptions {
  readonly leadership: Leadership;
  /** Tells the receiver who handed a request on. */
  readonly serverId: string;
  readonly log: Log;
}

export interface LeaderProxy {
  /** Goes around the local API handler. Never rejects. */
  readonly layer: Layer;
  /** Ends what is under way at the leader. */
  close(): void;
}

/** How long a request waits for somebody to lead, so that a take-over is a pause and not an error. */
const leaderWaitMs = 2000;
/** How long a request tries to reach a leader that is known but does not answer: longer than a session (6 s by default). */
const unreachableWaitMs = 10_000;
/** Pause between two tries to reach the same leader; a change of leader ends it. */
const tryAgainMs = 100;

interface Parts {
  readonly options: LeaderProxyOptions;
  readonly view: LeaderView;
  readonly local: Handler;
  readonly linkTo: (api: string) => LeaderLink;
}

/** Whose certificates are believed: a peer with O=system:servers may name the user, and nobody else. */
export function createLeaderProxy(options: LeaderProxyOptions): LeaderProxy {
  const log = options.log.child({ component: 'leader-proxy' });
  let link: LeaderLink | undefined;
  const retire = () => {
    link?.retire();
    link = undefined;
  };
  const view = createLeaderView(options.leadership, options.clock, () => {
    const leader = view.current();
    // While nobody is known to lead, streams from the last leader go on: it may lead still.
    if (leader.where === 'here' || (leader.where === 'elsewhere' && leader.api !== link?.api)) retire();
  });
  const linkTo = (api: string): LeaderLink => {
    if (link?.api !== api) {
      retire();
      log.info({ leader: api }, 'requests go to this leader');
      link = createLeaderLink(api, options);
    }
    return link;
  };
  return {
    layer: (local) => async (request) => {
      try {
        return await answer({ options, view, local, linkTo }, request);
      } catch (error) {
        return respondError(error);
      }
    },
    close() {
      view.close();
      link?.close();
    },
  };
}

async function answer(parts: Parts, incoming: ApiRequest): Promise<ApiResponse> {
  const { request, wasForwarded } = receive(incoming);
  const kind = kindOf(request);
  if (kind.need === 'own') return parts.local(request);
  if (!wasForwarded) return serve(parts, request, kind);
  const response = parts.view.current().where === 'here' ? await answerHere(parts, request, kind) : undefined;
  return response ?? refuseToLead();
}

/** What another server hears that took this one for the leader; it knows that nothing was done. */
function refuseToLead(): ApiResponse {
  const problem = new StatusError('ServiceUnavailable', 'this server does not lead; try again', {
    retryAfterSeconds: 1,
  });
  const response = respondError(problem);
  return { ...response, headers: { ...response.headers, [notLeadingHeader]: 'true' } };
}

async function serve(parts: Parts, request: ApiRequest, kind: RequestKind): Promise<ApiResponse> {
  const { view, options } = parts;
  const patience = createPatience(options.clock.monotonicMs(), kind);
  for (;;) {
    const before = view.changes;
    const leader = view.current();
    const tried = await tryOnce(parts, request, kind, leader);
    if (tried.response) return tried.response;
    const nowMs = options.clock.monotonicMs();
    const leftMs = patience.leftMs(leader, nowMs);
    if (leftMs <= 0) return answerWithoutLeader(parts.local, view, request, kind.need, tried.trouble);
    // What changed while we tried must not be waited for.
    if (leader.where !== 'here' && view.changes === before) {
      await view.changed(leader.where === 'elsewhere' ? Math.min(tryAgainMs, leftMs) : leftMs, request.signal);
    }
    throwIfOver(request.signal);
  }
}

/** Nothing was done yet: another server can take the request of a client that is still there. */
function throwIfOver(signal: AbortSignal): void {
  if (!(signal.reason instanceof ServerStopping)) signal.throwIfAborted();
  else throw new StatusError('ServiceUnavailable', 'this server is stopping; try again', { retryAfterSeconds: 1 });
}

interface Tried {
  readonly response?: ApiResponse;
  /** Why there is none. */
  readonly trouble: string;
}

async function tryOnce(parts: Parts, request: ApiRequest, kind: RequestKind, leader: Leader): Promise<Tried> {
  if (leader.where === 'nowhere') return { trouble: leader.trouble };
  if (leader.where === 'elsewhere') return askLeader(parts, request, kind, leader.api);
  const response = await answerHere(parts, request, kind);
  return response ? { response, trouble: '' } : { trouble: 'the leader changed meanwhile' };
}

/**
 * The local answer, if it may stand: what was read counts as the newest state only when this server led all the while.
 * Whoever leads at the end, in the same turn as at the beginning, led in between, and nobody else wrote.
 */
async function answerHere(
  { local, view }: Parts,
  request: ApiRequest,
  kind: RequestKind,
): Promise<ApiResponse | undefined> {
  const before = view.changes;
  const response = await local(request);
  const isRead = kind.need === 'newest' || kind.need === 'leader';
  if (!isRead || (view.changes === before && view.current().where === 'here')) return response;
  await discard(response);
  return undefined;
}

async function discard({ body }: ApiResponse): Promise<void> {
  if (!(body instanceof Uint8Array)) await body[Symbol.asyncIterator]().return?.();
}

/** Throws Timeout for a write that the leader may have got but did not answer. */
async function askLeader(
  { options, linkTo }: Parts,
  request: ApiRequest,
  kind: RequestKind,
  api: string,
): Promise<Tried> {
  const signal = kind.isStream ? request.signal : untilClientGone(request.signal);
  try {
    const response = await linkTo(api).send({ ...handOn(request, options.serverId), signal }, kind.isStream);
    if (response.headers[notLeadingHeader] !== undefined) {
      await discard(response);
      return { trouble: `the server at ${api} does not lead any more` };
    }
    // The refusal of a watch is a document like any other.
    const body = relay(response.body, kind.isWatch && response.status < 300);
    return { response: { ...response, headers: answerHeaders(response.headers), body }, trouble: '' };
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    options.log.warn({ leader: api, error: error.message }, 'the leader does not answer');
    if (kind.need === 'write' && error.mayHaveArrived) throw outcomeUnknown(api, error);
    return { trouble: `the leader at ${api} cannot be reached` };
  }
}

/** Without a time to retry after: clients would repeat the write blindly. */
function outcomeUnknown(api: string, cause: Unreachable): StatusError {
  const message = `the leader at ${api} was lost before it answered: whether this write was kept is not known; look before you repeat it`;
  return new StatusError('Timeout', message, undefined, { cause });
}

interface Patience {
  /** How much longer this request waits, given who leads. */
  leftMs(leader: Leader, nowMs: number): number;
}

function createPatience(startedMs: number, { need }: RequestKind): Patience {
  let failing: { readonly api: string; readonly sinceMs: number } | undefined;
  const forUnreachable = (api: string, nowMs: number) => {
    if (failing?.api !== api) failing = { api, sinceMs: nowMs };
    return failing.sinceMs + unreachableWaitMs - nowMs;
  };
  const forNobody = (leader: Leader & { where: 'nowhere' }, nowMs: number) => {
    failing = undefined;
    if (need === 'write' || need === 'leader') return Math.max(startedMs, leader.sinceMs) + leaderWaitMs - nowMs;
    // Reads can be answered from here: they wait for a take-over, and not once more when it takes longer.
    return need === 'any-age' || leader.isPaused ? 0 : leader.sinceMs + leaderWaitMs - nowMs;
  };
  return {
    leftMs(leader, nowMs) {
      if (leader.where === 'here') return 1;
      if (need === 'document') return 0;
      return leader.where === 'elsewhere' ? forUnreachable(leader.api, nowMs) : forNobody(leader, nowMs);
    },
  };
}
