// `/tepui/v1/…`: facts about the cluster and its servers, tokens for those that join, and the backup.
import type { ClusterFacts, ClusterStatus } from '../../api/cluster-facts.ts';
import type { ApiRequest, ApiResponse, UserInfo } from '../../api/request.ts';
import { StatusError } from '../../api/status-error.ts';
import type { FixedHandler } from '../dependencies.ts';
import { respondBytes, respondError, respondJson } from '../respond.ts';
import { serveCreate, serveList, serveRemove, tokensPath, type Tokens } from './token-routes.ts';

export interface ClusterRoutesOptions {
  readonly facts: () => ClusterFacts | Promise<ClusterFacts>;
  readonly status: (signal: AbortSignal) => Promise<ClusterStatus>;
  readonly tokens: Tokens;
  /** Resolves once the backup has begun, with its bytes; rejects with StatusError when it cannot. */
  readonly openBackup: (signal: AbortSignal) => Promise<AsyncIterable<Uint8Array>>;
}

type Serve = (request: ApiRequest) => Promise<ApiResponse>;

interface ClusterRoute {
  readonly access: 'everybody' | 'users' | 'administrators';
  /** By method. */
  readonly serve: Readonly<Record<string, Serve>>;
}

/** As in Kubernetes: who may do everything. */
const administrators = 'system:masters';

/** Throws Unauthorized and Forbidden; answers 405 for a method that a path does not have. */
export function createClusterRoutes(options: ClusterRoutesOptions): FixedHandler {
  const { tokens } = options;
  const routes: Readonly<Record<string, ClusterRoute>> = {
    '/tepui/v1/cluster': {
      access: 'everybody',
      serve: { GET: async () => respondJson(200, await options.facts()) },
    },
    '/tepui/v1/status': {
      access: 'users',
      serve: { GET: async ({ signal }) => respondJson(200, await options.status(signal)) },
    },
    [tokensPath]: {
      access: 'administrators',
      serve: { GET: (request) => serveList(tokens, request), POST: (request) => serveCreate(tokens, request) },
    },
    '/tepui/v1/backup': {
      access: 'administrators',
      serve: { GET: async ({ signal }) => respondBackup(await options.openBackup(signal)) },
    },
  };
  const oneToken: ClusterRoute = {
    access: 'administrators',
    serve: { DELETE: (request) => serveRemove(tokens, request) },
  };
  return (request) => {
    const { path, method } = request;
    const route = path.startsWith(`${tokensPath}/`) ? oneToken : Object.hasOwn(routes, path) && routes[path];
    if (!route) return undefined;
    const serve = Object.hasOwn(route.serve, method) ? route.serve[method] : undefined;
    if (!serve) return methodNotAllowed(request, Object.keys(route.serve));
    checkAccess(route, request);
    return serve(request);
  };
}

function respondBackup(bytes: AsyncIterable<Uint8Array>): ApiResponse {
  const response = respondBytes(200, bytes);
  return { ...response, headers: { ...response.headers, 'content-type': 'application/octet-stream' } };
}

function methodNotAllowed({ method, path }: ApiRequest, allowed: readonly string[]): ApiResponse {
  const expected = allowed.join(' or ');
  const text = `the server does not allow this method on the requested resource: expected ${expected} ${path}, found ${method}`;
  const response = respondError(new StatusError('MethodNotAllowed', text));
  return { ...response, headers: { ...response.headers, allow: allowed.join(', ') } };
}

function checkAccess({ access }: ClusterRoute, request: ApiRequest): void {
  if (access === 'everybody') return;
  if (request.user === undefined) throw new StatusError('Unauthorized', 'Unauthorized');
  if (access === 'administrators') checkAdministrator(request.user, request);
}

function checkAdministrator({ username, groups }: UserInfo, { method, path }: ApiRequest): void {
  if (groups.includes(administrators)) return;
  throw new StatusError(
    'Forbidden',
    `forbidden: User "${username}" cannot ${method.toLowerCase()} path "${path}": only members of the group ${administrators} may`,
  );
}
