// One write as a transaction; a dry run is one that is taken back.
import { StatusError } from '../api/status-error.ts';
import type { Draft, Store, StoredObject } from '../store/store.ts';
import { objectLimitBytes } from './body.ts';
import { accountQuota } from './admission/resource-quota.ts';
import type { WriteContext } from './strategy.ts';
import type { ApiObject, ObjectKey } from '../api/object.ts';

/** Runs `body`; with `dryRun` everything happens but nothing is kept. */
export async function runTransaction<T>(store: Store, dryRun: boolean, body: (draft: Draft) => T): Promise<T> {
  if (!dryRun) return store.transact(body);
  const discard = new Error('dry run');
  let outcome: { readonly value: T } | undefined;
  try {
    await store.transact((draft) => {
      outcome = { value: body(draft) };
      throw discard;
    });
  } catch (error) {
    if (error !== discard) throw error;
  }
  if (outcome === undefined) throw new Error('a dry run ended without a result');
  return outcome.value;
}

/** Stores an object and whatever its change means for quotas. Throws RequestEntityTooLarge with both sizes. */
export function putObject(
  context: WriteContext,
  key: ObjectKey,
  next: ApiObject,
  live: ApiObject | undefined,
): StoredObject {
  accountQuota(context, key, next, live);
  const stored = context.draft.put(key, next);
  if (stored.bytes.length > objectLimitBytes) {
    throw new StatusError(
      'RequestEntityTooLarge',
      `Request entity too large: ${key.resource} "${key.name}" has ${stored.bytes.length} bytes as it would be stored, ` +
        `at most ${objectLimitBytes} (1.5 MiB) are kept for one object`,
    );
  }
  return stored;
}

/** Removes an object and gives back what it counted for. */
export function removeObject(context: WriteContext, key: ObjectKey, live: ApiObject): StoredObject {
  accountQuota(context, key, undefined, live);
  return context.draft.delete(key);
}
