// The parameters that operations take, in the path and in the query.

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly type: 'string' | 'integer' | 'boolean';
  readonly description: string;
}

const query = (type: Parameter['type'], name: string, description: string): Parameter => ({
  name,
  in: 'query',
  type,
  description,
});
const inPath = (name: string, description: string): Parameter => ({ name, in: 'path', type: 'string', description });

export const namespaceInPath = inPath('namespace', 'Name of the namespace.');
export const nameInPath = inPath('name', 'Name of the object.');
const dryRun = query('string', 'dryRun', '`All`: do everything but store the result.');
/** Of every request that stores something. */
export const writing = [
  dryRun,
  query('string', 'fieldManager', 'Who makes the change, for the records in metadata.managedFields.'),
  query('string', 'fieldValidation', 'What to do about unknown and repeated fields: `Strict`, `Warn` or `Ignore`.'),
];
/** Of patches. */
export const forcing = query('boolean', 'force', 'Server-side apply only: take over fields that others own.');
/** Of everything that is about a set of objects. */
export const selecting = [
  query('string', 'labelSelector', 'Only objects with these labels.'),
  query('string', 'fieldSelector', 'Only objects with these values of fields.'),
  query('integer', 'limit', 'How many objects to return at most.'),
  query('string', 'continue', 'The token of the previous part of the list.'),
  query('string', 'resourceVersion', 'How recent the answer must be, or where a watch begins.'),
  query('string', 'resourceVersionMatch', 'How to read resourceVersion: `NotOlderThan` or `Exact`.'),
  query('integer', 'timeoutSeconds', 'How long the call may last.'),
];
/** Of lists and watches. */
export const listing = [
  ...selecting,
  query('boolean', 'watch', 'Send changes as they happen instead of a list.'),
  query('boolean', 'allowWatchBookmarks', 'Also send bookmarks, which tell how far the watch has come.'),
  query('boolean', 'sendInitialEvents', 'Begin a watch with the objects that are there.'),
];
/** Of deletions. */
export const deleting = [
  dryRun,
  query('integer', 'gracePeriodSeconds', 'How long the object has to stop; 0 at once.'),
  query('string', 'propagationPolicy', 'What becomes of dependents: `Background`, `Foreground` or `Orphan`.'),
];
/** Of reading one object. */
export const reading = [query('string', 'resourceVersion', 'How recent the answer must be.')];
/** Of a container's log. */
export const logging = [
  query('string', 'container', 'Which container; needed where there are several.'),
  query('boolean', 'follow', 'Stay and send what comes.'),
  query('boolean', 'previous', 'The container that ran before the last restart.'),
  query('integer', 'sinceSeconds', 'Only what is younger than this.'),
  query('string', 'sinceTime', 'Only what was written after this time.'),
  query('integer', 'tailLines', 'Only this many lines from the end.'),
  query('integer', 'limitBytes', 'Only this many bytes.'),
  query('boolean', 'timestamps', 'Put the time before each line.'),
];
