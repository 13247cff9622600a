// Events about one object, oldest first.
import type { ApiObject } from '../api/object.ts';
import type { Event } from '../api/types.gen.ts';
import type { Reader } from '../client/client.ts';

const events = { group: '', version: 'v1', plural: 'events' };

export async function eventsAbout(reader: Reader, object: ApiObject): Promise<readonly Event[]> {
  const { name, namespace, uid } = object.metadata;
  const clusterScoped = namespace === undefined || namespace === '';
  const fieldSelector = clusterScoped
    ? `involvedObject.kind=${object.kind},involvedObject.name=${name ?? ''}`
    : `involvedObject.uid=${uid ?? ''}`;
  const list = await reader.list<Event>(events, clusterScoped ? { fieldSelector } : { namespace, fieldSelector });
  return [...list.items].sort((a, b) => (lastSeen(a) < lastSeen(b) ? -1 : 1));
}

/** RFC 3339. */
export function lastSeen(event: Event): string {
  return event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp ?? '';
}
