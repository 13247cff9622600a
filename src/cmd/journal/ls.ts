// `tepui journal ls` and `check`: what a journal holds, by snapshot and writer, and whether all of it checks.
import { alignColumns } from '../../cli/table.ts';
import { describeJournal, type JournalDescription } from '../../store/describe-journal.ts';
import { JournalDropped } from '../../store/journal-errors.ts';
import type { MediumReader } from '../../store/medium.ts';
import { journalExit, readingJournal, type JournalAddress } from './open-reading.ts';

const say = (text: string) => void process.stdout.write(`${text}\n`);
const complain = (text: string) => void process.stderr.write(`${text}\n`);

export function listJournal(address: JournalAddress): Promise<number> {
  return readingJournal(address, async (medium) => {
    const description = await describe(medium);
    say(`${description.medium}\n`);
    say(alignColumns(rowsOf(description)));
    return verdict(medium, description);
  });
}

export function checkJournal(address: JournalAddress): Promise<number> {
  return readingJournal(address, async (medium) => {
    const description = await describe(medium);
    const code = verdict(medium, description);
    if (code === journalExit.fine) say(`${medium.description} is whole: ${summaryOf(description)}.`);
    return code;
  });
}

const attempts = 3;

/** A server may replace the log by a snapshot while it is read: then the reading begins again. */
async function describe(medium: MediumReader): Promise<JournalDescription> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await describeJournal(medium);
    } catch (error) {
      if (!(error instanceof JournalDropped) || attempt === attempts) throw error;
    }
  }
}

function verdict(medium: MediumReader, { damage, log, interruptedSnapshots, revision }: JournalDescription): number {
  if (log.torn > 0) {
    complain(`note: ${count(log.torn, 'entry', 'entries')} at the end belong to a batch that was never acknowledged`);
  }
  if (interruptedSnapshots.length > 0) {
    complain('note: an interrupted snapshot counts for nothing; the next server that leads removes it');
  }
  if (damage === undefined) return journalExit.fine;
  // The medium's own errors name place and remedy; what we found by comparing does not.
  const said = damage.includes(medium.remedy)
    ? damage
    : `${medium.description} is damaged: ${damage}. ${medium.remedy}`;
  complain(`error: ${said}`);
  complain(`Up to revision ${String(revision)} everything checks.`);
  return journalExit.damaged;
}

function summaryOf({ snapshot, log, revision }: JournalDescription): string {
  const objects = snapshot ? [`${count(snapshot.objects, 'object')} in the snapshot`] : [];
  const writes = `${count(log.writes, 'write')} in ${count(log.entries, 'entry', 'entries')} of the log`;
  return `${[...objects, writes].join(', ')}, up to revision ${String(revision)}`;
}

export function rowsOf({ snapshot, interruptedSnapshots, log }: JournalDescription): string[][] {
  return [
    ['PART', 'EPOCH', 'SEQUENCE', 'REVISION', 'CONTENT', 'SIZE'],
    ...interruptedSnapshots.map((sequence) => ['snapshot', '', `1-${String(sequence)}`, '', 'interrupted', '']),
    ...(snapshot
      ? [
          [
            ...['snapshot', String(snapshot.log.epoch)],
            ...[span(1, snapshot.log.sequence), span(1, snapshot.log.revision)],
            `${count(snapshot.objects, 'object')} in ${count(snapshot.pieces, 'piece')}`,
            size(snapshot.bytes),
          ],
        ]
      : []),
    ...log.epochs.map((epoch) => [
      ...['log', String(epoch.epoch)],
      ...[span(epoch.firstSequence, epoch.lastSequence), span(epoch.firstRevision, epoch.lastRevision)],
      `${count(epoch.batches, 'batch', 'batches')} in ${count(epoch.entries, 'entry', 'entries')}`,
      size(epoch.bytes),
    ]),
  ];
}

/** `3-7`, `3`, or `-` for nothing. */
function span(first: number, last: number): string {
  if (last < first) return '-';
  return first === last ? String(first) : `${String(first)}-${String(last)}`;
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${String(number)} ${number === 1 ? one : many}`;
}

/** `812 B`, `3.4 KiB`, `12.0 MiB`. */
export function size(bytes: number): string {
  if (bytes < 1024) return `${String(bytes)} B`;
  const kibibytes = bytes / 1024;
  return kibibytes < 1024 ? `${kibibytes.toFixed(1)} KiB` : `${(kibibytes / 1024).toFixed(1)} MiB`;
}
