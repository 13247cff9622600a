// `tepui restore`: puts a backup into an empty place, from which servers then start.
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { StatusError } from '../../api/status-error.ts';
import { errorText } from '../../lib/error-text.ts';
import { decryptBackup } from '../../store/backup-cipher.ts';
import { BackupRefused } from '../../store/backup.ts';
import { JournalDamaged, JournalFenced, JournalUnavailable } from '../../store/journal-errors.ts';
import {
  checkBackup,
  journalContents,
  restoreJournal,
  type CheckedBackup,
  type OpenBackup,
} from '../../store/restore-backup.ts';
import { readIdentitySection } from '../identity/identity-section.ts';
import { inHome } from './home-place.ts';
import type { RestorePlace } from './restore-place.ts';
import { inZookeeper } from './zookeeper-place.ts';

export interface RestoreOptions {
  readonly zk?: string;
  readonly home?: string;
  readonly force?: boolean;
  readonly passphraseFile?: string;
}

const say = (text: string) => void process.stdout.write(`${text}\n`);

/** Nothing is changed before the whole backup has been checked. Rejects with StatusError. */
export async function restore(file: string, options: RestoreOptions): Promise<void> {
  if ((options.zk === undefined) === (options.home === undefined)) {
    throw new StatusError('BadRequest', 'say where to restore to: either --zk URL or --home DIR');
  }
  try {
    const open = backupIn(file, await readPassphrase(options.passphraseFile));
    const backup = await checkBackup(open);
    const into = (place: RestorePlace) => restoreInto(place, open, backup, options.force === true);
    await (options.zk === undefined ? inHome(options.home ?? '', into) : inZookeeper(options.zk, into));
  } catch (error) {
    throw asUsersProblem(error, file);
  }
}

async function restoreInto(
  place: RestorePlace,
  open: OpenBackup,
  backup: CheckedBackup,
  isForced: boolean,
): Promise<void> {
  const identity = readIdentitySection(backup.identity);
  if (!isForced) await refuseWhatIsThere(place);
  const { revision } = await restoreJournal(place.medium, open, backup);
  const next = await place.keepIdentity(identity);
  const { header, objects } = backup;
  say(`Restored the cluster ${header.clusterId} into ${place.description}:`);
  say(`  ${String(objects)} objects as of ${header.created}, revision ${String(header.revision)}`);
  say(`  its authority and the administrator's token; it goes on from revision ${String(revision)}`);
  say('Pods that were made after the backup are ended; those in it are adopted by the agents that run them.');
  for (const line of next) say(line);
}

async function refuseWhatIsThere(place: RestorePlace): Promise<void> {
  const { isEmpty } = await journalContents(place.medium);
  const found = isEmpty ? await place.identityThere() : 'a journal with objects';
  if (found === undefined) return;
  throw new StatusError(
    'Conflict',
    `expected ${place.description} to be empty, found ${found}: choose another place, or replace what is there with --force`,
  );
}

function backupIn(file: string, passphrase: string | undefined): OpenBackup {
  return () => decryptBackup(createReadStream(file) as AsyncIterable<Uint8Array>, passphrase);
}

/** The first line of the file. Rejects with StatusError. */
export async function readPassphrase(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new StatusError('BadRequest', `cannot read the passphrase: ${errorText(error)}`);
  });
  const [passphrase = ''] = text.split(/\r?\n/, 1);
  if (passphrase === '')
    throw new StatusError('BadRequest', `expected a passphrase in the first line of ${file}, found none`);
  return passphrase;
}

function asUsersProblem(error: unknown, file: string): unknown {
  if (error instanceof BackupRefused) return new StatusError('BadRequest', `${file}: ${error.message}`);
  const { code, path, message } = error as NodeJS.ErrnoException;
  if (path === file) return new StatusError('BadRequest', `cannot read the backup: ${message}`);
  const isOfJournal = [JournalDamaged, JournalFenced, JournalUnavailable].some((kind) => error instanceof kind);
  return isOfJournal || code === 'EACCES' ? new StatusError('ServiceUnavailable', message) : error;
}
