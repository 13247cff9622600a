// Who wrote which field last: managedFields of everything that is not server-side apply.
import type { ApiObject } from '../api/object.ts';
import { trackUpdate } from '../api/patch/managed-fields.ts';
import type { Call } from './server-parts.ts';
import type { WriteContext } from './strategy.ts';
import type { WriteOptions } from './write-options.ts';

/** A copy of `after` whose managedFields record what this call changed. */
export function recordOwner(
  call: Call,
  context: WriteContext,
  options: WriteOptions,
  before: ApiObject | undefined,
  after: ApiObject,
): ApiObject {
  return trackUpdate({
    definitions: context.deps.definitions,
    definition: call.info.resource.definition.schema,
    before,
    after,
    manager: options.fieldManager,
    subresource: call.info.subresource,
    time: context.time,
  });
}
