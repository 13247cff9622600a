// Keeps recently parsed objects alive; the older ones only as long as somebody else holds them.
import type { ApiObject } from '../api/object.ts';
import { deepFreeze } from '../lib/deep.ts';
import { createDeque } from '../lib/deque.ts';

/** Where a record remembers its parsed form; the cache owns both fields. */
export interface Parsable {
  readonly bytes: Uint8Array;
  parsed: ApiObject | WeakRef<ApiObject> | undefined;
  /** Used since the cache last looked. */
  recent: boolean;
}

export interface ParsedCache {
  /** The object, deeply frozen. The same identity as long as anybody holds it. */
  read(record: Parsable): ApiObject;
}

/** @param limitBytes serialised size of the objects that are kept parsed */
export function createParsedCache(limitBytes: number): ParsedCache {
  const kept = createDeque<Parsable>();
  let keptBytes = 0;

  const demote = () => {
    while (keptBytes > limitBytes) {
      const oldest = kept.shift();
      if (!oldest || oldest.parsed instanceof WeakRef || !oldest.parsed) return;
      if (oldest.recent) {
        oldest.recent = false;
        kept.push(oldest);
      } else {
        keptBytes -= oldest.bytes.length;
        oldest.parsed = new WeakRef(oldest.parsed);
      }
    }
  };

  return {
    read(record) {
      const known = record.parsed;
      if (known && !(known instanceof WeakRef)) {
        record.recent = true;
        return known;
      }
      const object = known?.deref() ?? parse(record.bytes);
      record.parsed = object;
      record.recent = false;
      keptBytes += record.bytes.length;
      kept.push(record);
      demote();
      return object;
    },
  };
}

function parse(bytes: Uint8Array): ApiObject {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  return deepFreeze(JSON.parse(text) as ApiObject);
}
