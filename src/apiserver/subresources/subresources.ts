// Which handler serves which subresource.
import type { ApiResponse } from '../../api/request.ts';
import { methodNotAllowed } from '../router.ts';
import type { Call } from '../server-parts.ts';
import { get } from '../verbs/get.ts';
import { patch } from '../verbs/patch.ts';
import { update } from '../verbs/update.ts';
import { bind } from './binding.ts';
import { evict } from './eviction.ts';
import { finalize } from './finalize.ts';
import { readLogs } from './log.ts';
import { getScale, patchScale, updateScale } from './scale.ts';

type Serve = (call: Call) => Promise<ApiResponse>;

/** Subresource → verb → handler; the verb is the one of the HTTP method. */
const table: Readonly<Record<string, Readonly<Record<string, Serve>>>> = {
  status: { get, update: (call) => update(call, 'status'), patch: (call) => patch(call, 'status') },
  scale: { get: getScale, update: updateScale, patch: patchScale },
  binding: { create: bind },
  eviction: { create: evict },
  finalize: { update: finalize },
  log: { get: readLogs },
};

/** Throws MethodNotAllowed for a method that the subresource does not have. */
export function serveSubresource(call: Call): Promise<ApiResponse> {
  const { subresource, verb, resource } = call.info;
  const handler = table[subresource]?.[verb];
  if (handler === undefined) throw methodNotAllowed(call.request.method, { ...resource.definition, subresource });
  return handler(call);
}
