// `/tepui/v1/…`: facts about the cluster and its servers, tokens for those that join, and the backup.
import type { ClusterFacts, ClusterStatus, TokenCreated, TokenRequest } from '../../api/cluster-facts.ts';
import type { ApiRequest, ApiResponse, UserInfo } from '../../api/request.ts';
import { StatusError } from '../../api/status-error.ts';
import type { FixedHandler } from '../dependencies.ts';
import { respondBytes, respondError, respondJson } from '../respond.ts';
import { readTokenRequest } from './token-request.ts';

export interface ClusterRoutesOptions {
  readonly facts: () => ClusterFacts | Promise<ClusterFacts>;
  readonly status: (signal: AbortSignal) => Promise<ClusterStatus>;
  /** Makes a token that this and every other server accepts. Rejects with StatusError. */
  readonly createToken: (request: TokenRequest) => Promise<TokenCreated>;
  /** Resolves once the backup has begun, with its bytes; rejects with StatusError when it cannot. */
  readonly openBackup: (signal: AbortSignal) => Promise<AsyncIterable<Uint8Array>>;
}

type Serve = (request: ApiRequest) => Promise<ApiResponse>;

interface ClusterRoute {
  readonly method: 'GET' | 'POST';
  readonly access: 'everybody' | 'users' | 'administrators';
  readonly serve: Serve;
}

/** As in Kubernetes: who may do everything. */
const administrators = 'system:masters';

/** Throws Unauthorized and Forbidden; answers 405 for a method that a path does not have. */
export function createClusterRoutes(options: ClusterRoutesOptions): FixedHandler {
  const routes: Readonly<Record<string, ClusterRoute>> = {
    '/tepui/v1/cluster': {
      ...{ method: 'GET', access: 'everybody' },
      serve: async () => respondJson(200, await options.facts()),
    },
    '/tepui/v1/status': {
      ...{ method: 'GET', access: 'users' },
      serve: async ({ signal }) => respondJson(200, await options.status(signal)),
    },
    '/tepui/v1/tokens': {
      ...{ method: 'POST', access: 'administrators' },
      serve: async (request) => respondJson(201, await options.createToken(readTokenRequest(request))),
    },
    '/tepui/v1/backup': {
      ...{ method: 'GET', access: 'administrators' },
      serve: async ({ signal }) => respondBackup(await options.openBackup(signal)),
    },
  };
  return (request) => {
    const route = Object.hasOwn(routes, request.path) ? routes[request.path] : undefined;
    if (route === undefined) return undefined;
    if (route.method !== request.method) return methodNotAllowed(request, route.method);
    checkAccess(route, request);
    return route.serve(request);
  };
}

function respondBackup(bytes: AsyncIterable<Uint8Array>): ApiResponse {
  const response = respondBytes(200, bytes);
  return { ...response, headers: { ...response.headers, 'content-type': 'application/octet-stream' } };
}

function methodNotAllowed({ method, path }: ApiRequest, allowed: string): ApiResponse {
  const text = `the server does not allow this method on the requested resource: expected ${allowed} ${path}, found ${method}`;
  const response = respondError(new StatusError('MethodNotAllowed', text));
  return { ...response, headers: { ...response.headers, allow: allowed } };
}

function checkAccess({ access }: ClusterRoute, request: ApiRequest): void {
  if (access === 'everybody') return;
  if (request.user === undefined) throw new StatusError('Unauthorized', 'Unauthorized');
  if (access === 'administrators') checkAdministrator(request.user, request);
}

function checkAdministrator({ username, groups }: UserInfo, { method, path }: ApiRequest): void {
  if (groups.includes(administrators)) return;
  const verb = method === 'GET' ? 'get' : 'post';
  throw new StatusError(
    'Forbidden',
    `forbidden: User "${username}" cannot ${verb} path "${path}": only members of the group ${administrators} may`,
  );
}
