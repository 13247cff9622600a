// events.k8s.io/v1 shows the same stored events as the core group, under other names.
import type { ApiObject } from '../../api/object.ts';
import { recordAt } from '../json-path.ts';
import type { Shape } from '../strategy.ts';

/** New name → stored name; everything else is called the same. */
const names: Readonly<Record<string, string>> = {
  regarding: 'involvedObject',
  note: 'message',
  reportingController: 'reportingComponent',
  deprecatedSource: 'source',
  deprecatedFirstTimestamp: 'firstTimestamp',
  deprecatedLastTimestamp: 'lastTimestamp',
  deprecatedCount: 'count',
};
const stored = Object.fromEntries(Object.entries(names).map(([to, from]) => [from, to]));

export const eventsShape: Shape = {
  toStored: (object) => ({ ...renamed(object, names), apiVersion: 'v1', kind: 'Event', metadata: object.metadata }),
  fromStored: (object) => ({
    ...renamed(object, stored),
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: object.metadata,
  }),
};

function renamed(object: ApiObject, table: Readonly<Record<string, string>>): object {
  return Object.fromEntries(Object.entries(recordAt(object)).map(([name, value]) => [table[name] ?? name, value]));
}
