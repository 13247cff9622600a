// What a change of an object means to a watcher who sees only a selection.
import type { StoreEvent, StoredObject } from '../store/store.ts';
import { encodeJson } from './respond.ts';
import type { Selection } from './selection.ts';

export interface SelectedEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: StoredObject;
}

/** `undefined` when the change does not concern the selection. */
export function selectEvent(event: StoreEvent, selection: Selection): SelectedEvent | undefined {
  const { current, previous } = event;
  const was = previous !== undefined && selection.matches(previous);
  if (event.deleted) return was || selection.matches(current) ? { type: 'DELETED', object: current } : undefined;
  const is = selection.matches(current);
  if (is) return { type: was ? 'MODIFIED' : 'ADDED', object: current };
  return was ? { type: 'DELETED', object: stamped(previous, event.revision) } : undefined;
}

/** The last state that was selected, with the revision at which it left: clients resume from that. */
function stamped(stored: StoredObject, revision: number): StoredObject {
  const object = stored.object();
  const moved = { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
  const { key, uid, labels, fields, owners } = stored;
  return { key, uid, labels, fields, owners, revision, bytes: encodeJson(moved), object: () => moved };
}
