// `tepui journal show`: the writes in a journal as YAML, one document a batch, or JSON, one line a batch.
import { stringify } from 'yaml';
import type { ApiObject, ObjectKey } from '../../api/object.ts';
import { StatusError } from '../../api/status-error.ts';
import type { JournalRecord } from '../../store/batch.ts';
import { showJournal, type Shown } from '../../store/show-journal.ts';
import { maskSecret } from './mask-secret.ts';
import { journalExit, readingJournal, type JournalAddress } from './open-reading.ts';

export interface ShowOptions extends JournalAddress {
  readonly from?: number;
  readonly to?: number;
  /** `RESOURCE[/NAMESPACE[/NAME]]` */
  readonly key?: string;
  readonly output?: string;
  /** With the values of Secrets. */
  readonly secrets?: boolean;
}

export async function showJournalCommand(options: ShowOptions): Promise<number> {
  const { from = 0, to = Number.MAX_SAFE_INTEGER, output = 'yaml' } = options;
  if (output !== 'yaml' && output !== 'json') {
    throw new StatusError('BadRequest', `unknown output "${output}": expected yaml or json`);
  }
  const isWanted = keyFilter(options.key);
  let shown = 0;
  return readingJournal(options, async (medium) => {
    const { torn } = await showJournal(medium, { from, to, isWanted }, (part) => {
      shown++;
      // Standard output blocks on Linux: no more than one document waits in memory.
      process.stdout.write(format(documentOf(part, options.secrets === true), output));
    });
    if (shown === 0) process.stderr.write('Nothing in the journal matches.\n');
    if (torn > 0) process.stderr.write('note: a batch at the end was never acknowledged and is not shown\n');
    return journalExit.fine;
  });
}

const format = (document: object, output: 'yaml' | 'json') =>
  output === 'json' ? `${JSON.stringify(document)}\n` : `---\n${stringify(document, { aliasDuplicateObjects: false })}`;

/** Exported for tests. */
export function documentOf({ part, sequence, epoch, records }: Shown, withSecrets: boolean): object {
  const writes = records.map((record) => writeOf(record, withSecrets));
  return { part, sequence, epoch, ...(part === 'snapshot' ? { objects: writes } : { writes }) };
}

function writeOf(record: JournalRecord, withSecrets: boolean): object {
  const { revision, key } = record;
  if (record.kind === 'delete') return { revision, delete: textOf(key) };
  const object = JSON.parse(Buffer.from(record.bytes).toString('utf8')) as ApiObject;
  const isMasked = key.resource === 'secrets' && !withSecrets;
  return { revision, put: textOf(key), object: isMasked ? maskSecret(object) : object };
}

const textOf = ({ resource, namespace, name }: ObjectKey) => [resource, namespace, name].join('/');

/** `pods`, `pods/default`, `pods/default/web`; without a namespace `nodes/one` or `nodes//one`. */
export function keyFilter(text: string | undefined): (key: ObjectKey) => boolean {
  if (text === undefined) return () => true;
  const [resource = '', second, third, ...more] = text.split('/');
  if (resource === '' || more.length > 0) {
    throw new StatusError(
      'BadRequest',
      `"${text}" is no key: expected RESOURCE, RESOURCE/NAMESPACE or RESOURCE/NAMESPACE/NAME, such as deployments.apps/shop/web`,
    );
  }
  if (second === undefined) return (key) => key.resource === resource;
  if (third !== undefined) {
    return (key) => key.resource === resource && key.namespace === second && key.name === third;
  }
  const isSecond = ({ namespace, name }: ObjectKey) => (namespace === '' ? name : namespace) === second;
  return (key) => key.resource === resource && isSecond(key);
}
