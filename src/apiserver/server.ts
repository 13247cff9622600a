// The API server as one function from request to response.
import type { ApiRequest, ApiResponse, Handler } from '../api/request.ts';
import { StatusError } from '../api/status-error.ts';
import { authenticated, chain, limitTime, logRequests, recoverErrors } from './chain.ts';
import type { Access, ApiDependencies } from './dependencies.ts';
import { createListSnapshots } from './list-snapshots.ts';
import { createRegistry } from './registry.ts';
import { createStrategies } from './resources/strategies.ts';
import { pageNotFound } from './respond.ts';
import { methodNotAllowed, route } from './router.ts';
import type { RequestInfo } from './router.ts';
import type { Call, ServerParts } from './server-parts.ts';
import { serveSubresource } from './subresources/subresources.ts';
import { create } from './verbs/create.ts';
import { deleteCollection } from './verbs/delete-collection.ts';
import { deleteOne } from './verbs/delete.ts';
import { get } from './verbs/get.ts';
import { list } from './verbs/list.ts';
import { patch } from './verbs/patch.ts';
import { update } from './verbs/update.ts';
import { watch } from './verbs/watch.ts';

const requestLimitMs = 60_000;

/** Answers everything: never rejects. Callers in the process pass `user` in the request. */
export function createApiHandler(deps: ApiDependencies): Handler {
  const parts: ServerParts = {
    deps,
    registry: createRegistry(createStrategies(deps)),
    snapshots: createListSnapshots(deps.clock),
  };
  const log = deps.log.child({ component: 'apiserver' });
  return chain(
    [
      logRequests(log, deps.clock),
      recoverErrors(log),
      limitTime(deps.clock, requestLimitMs),
      authenticated((request) => deps.authenticate(request)),
    ],
    (request) => serve(parts, request),
  );
}

async function serve(parts: ServerParts, request: ApiRequest): Promise<ApiResponse> {
  for (const fixed of parts.deps.fixed ?? []) {
    const answer = await fixed(request);
    if (answer !== undefined) return answer;
  }
  const { user } = request;
  if (user === undefined) throw new StatusError('Unauthorized', 'Unauthorized');
  const info = route(parts.registry, request);
  if (info === undefined) return pageNotFound();
  parts.deps.authorize?.(user, accessOf(info));
  return dispatch({ parts, request, info, user, warnings: new Set() });
}

function accessOf({ verb, resource, subresource, namespace, name }: RequestInfo): Access {
  const { group, version, plural } = resource.definition;
  return { verb, group, version, resource: plural, subresource, namespace, name };
}

function dispatch(call: Call): Promise<ApiResponse> {
  if (call.info.subresource !== '') return serveSubresource(call);
  switch (call.info.verb) {
    case 'get':
      return get(call);
    case 'list':
      return list(call);
    case 'watch':
      return watch(call);
    case 'create':
      if (call.info.name !== '') throw methodNotAllowed('POST', { ...call.info.resource.definition, subresource: '' });
      return create(call);
    case 'update':
      return update(call);
    case 'patch':
      return patch(call);
    case 'delete':
      return deleteOne(call);
    case 'deletecollection':
      return deleteCollection(call);
  }
}
