// Columns of events.
import type { ApiObject } from '../../api/object.ts';
import { numberAt, textAt, valueAt } from '../json-path.ts';
import { integer, nameColumn, text, wide } from './column.ts';
import type { Column } from './column.ts';
import { humanAge } from './human-duration.ts';

const involved = (event: ApiObject): unknown => valueAt(event, 'involvedObject') ?? valueAt(event, 'regarding');

export const eventColumns: readonly Column[] = [
  text('Last Seen', 'Time since it happened last.', lastSeen),
  text('Type', 'Normal or Warning.', (event) => textAt(event, 'type')),
  text('Reason', 'What happened, in a word.', (event) => textAt(event, 'reason')),
  text('Object', 'What it happened to.', (event) => {
    const object = involved(event);
    const name = textAt(object, 'name');
    const kind = textAt(object, 'kind').toLowerCase();
    return name === '' ? kind : `${kind}/${name}`;
  }),
  wide(text('Subobject', 'Which part of it.', (event) => textAt(involved(event), 'fieldPath'))),
  wide(text('Source', 'Who says so.', source)),
  text('Message', 'What happened.', (event) => (textAt(event, 'message') || textAt(event, 'note')).trim()),
  wide(text('First Seen', 'Time since it happened first.', (event, nowMs) => humanAge(firstTime(event), nowMs))),
  wide(integer('Count', 'How often it happened.', count)),
  wide(nameColumn),
];

function firstTime(event: ApiObject): string {
  return textAt(event, 'firstTimestamp') || textAt(event, 'deprecatedFirstTimestamp') || textAt(event, 'eventTime');
}

function count(event: ApiObject): number {
  const found =
    numberAt(event, 'series', 'count') ?? numberAt(event, 'count') ?? numberAt(event, 'deprecatedCount') ?? 1;
  return Math.max(1, found);
}

function lastSeen(event: ApiObject, nowMs: number): string {
  const last =
    textAt(event, 'series', 'lastObservedTime') ||
    textAt(event, 'lastTimestamp') ||
    textAt(event, 'deprecatedLastTimestamp') ||
    firstTime(event);
  return humanAge(last, nowMs);
}

function source(event: ApiObject): string {
  const from = valueAt(event, 'source') ?? valueAt(event, 'deprecatedSource');
  const component =
    textAt(from, 'component') || textAt(event, 'reportingComponent') || textAt(event, 'reportingController');
  const host = textAt(from, 'host') || textAt(event, 'reportingInstance');
  return [component, host].filter((part) => part !== '').join(', ');
}
