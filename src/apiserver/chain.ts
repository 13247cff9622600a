// What every request passes through, outermost first: log, recover, limit in time, authenticate; then the routes.
import type { ApiRequest, ApiResponse, Handler } from '../api/request.ts';
import { StatusError } from '../api/status-error.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Authenticator } from './dependencies.ts';
import { respondError } from './respond.ts';

export type Layer = (next: Handler) => Handler;

/** Puts layers around a handler; the first is the outermost. */
export function chain(layers: readonly Layer[], handler: Handler): Handler {
  return layers.reduceRight((next, layer) => layer(next), handler);
}

/** Errors become Status responses; what is not a caller's mistake is logged with its cause. */
export function recoverErrors(log: Log): Layer {
  return (next) => async (request) => {
    try {
      return await next(request);
    } catch (error) {
      const response = respondError(error);
      if (response.status === 500) {
        const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
        log.error({ method: request.method, path: request.path, error: cause }, 'request failed');
      }
      return response;
    }
  };
}

/** One line per request. Bodies, queries and credentials are never logged: they may hold secrets. */
export function logRequests(log: Log, clock: Clock): Layer {
  return (next) => async (request) => {
    const startedMs = clock.monotonicMs();
    const response = await next(request);
    const tookMs = Math.round((clock.monotonicMs() - startedMs) * 10) / 10;
    const { method, path } = request;
    log.debug({ method, path, status: response.status, tookMs }, 'request');
    return response;
  };
}

/** Gives up after `limitMs` without a response; streams are limited by their own rules once they have begun. */
export function limitTime(clock: Clock, limitMs: number): Layer {
  return (next) => (request) =>
    new Promise<ApiResponse>((resolve, reject) => {
      const timer = clock.after(limitMs, () => {
        const seconds = String(limitMs / 1000);
        reject(new StatusError('Timeout', `Timeout: request did not complete within ${seconds}s`));
      });
      next(request)
        .then(resolve, reject)
        .finally(() => timer.cancel())
        .catch(() => undefined);
    });
}

/** Open to everybody: what a load balancer, an agent or a server that joins asks first, without credentials. */
const openPaths = new Set(['/version', '/healthz', '/livez', '/readyz', '/tepui/v1/cluster']);

/** Fills in `user`. In-process callers and client certificates bring theirs; everybody else needs a token. */
export function authenticated(authenticate: Authenticator): Layer {
  return (next) => (request) => {
    if (request.user !== undefined) return next(request);
    const user = authenticate(request);
    if (user !== undefined) return next({ ...request, user });
    if (openPaths.has(request.path) && isReading(request)) return next(request);
    throw new StatusError('Unauthorized', 'Unauthorized');
  };
}

function isReading(request: ApiRequest): boolean {
  return request.method === 'GET' || request.method === 'HEAD';
}
