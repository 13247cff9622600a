// How the outcome of a dry run is shown: as what would be, at the revision that is.
import type { StoredObject } from '../store/store.ts';
import { without } from './json-path.ts';
import { encodeJson } from './respond.ts';

/** `stored` with another resourceVersion; an empty one is left out. */
export function shown(stored: StoredObject, resourceVersion: string): StoredObject {
  const metadata = without(stored.object().metadata, 'resourceVersion');
  const object = {
    ...stored.object(),
    metadata: resourceVersion === '' ? metadata : { ...metadata, resourceVersion },
  };
  const { key, uid, labels, fields, owners } = stored;
  const revision = Number(resourceVersion);
  return { key, uid, labels, fields, owners, revision, bytes: encodeJson(object), object: () => object };
}
