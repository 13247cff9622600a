// Puts a backup into a journal, of any medium, so that a store that is opened on it goes on from there.
import { createIntern } from './batch.ts';
import { BackupRefused, readBackup, type BackupHeader, type BackupPart, type BackupSeal } from './backup.ts';
import { chainStart } from './frame.ts';
import type { LogPosition } from './log-writer.ts';
import type { Medium, MediumReader } from './medium.ts';
import { inflateChunk, writeChunks, type Chunk } from './snapshot.ts';

/** A backup that can be read again and again; plain. */
export type OpenBackup = () => AsyncIterable<Uint8Array>;

export interface CheckedBackup extends BackupSeal {
  readonly header: BackupHeader;
  readonly identity: unknown;
}

/** Reads all of it. Rejects with BackupRefused when anything in it does not check. */
export async function checkBackup(open: OpenBackup): Promise<CheckedBackup> {
  const found: { header?: BackupHeader; identity?: unknown; objects: number } = { objects: 0 };
  for await (const part of readBackup(open())) {
    if (part.kind === 'header') found.header = part.header;
    if (part.kind === 'identity') found.identity = part.identity;
    if (part.kind === 'chunk') found.objects += await countObjects(part.chunk);
    if (part.kind === 'seal') return checked(found, part.seal);
  }
  throw new BackupRefused('the backup ends without a seal');
}

async function countObjects(chunk: Chunk): Promise<number> {
  try {
    return (await inflateChunk(chunk, createIntern())).records.length;
  } catch (error) {
    throw new BackupRefused(`the backup holds objects that cannot be read: ${String(error)}`, { cause: error });
  }
}

function checked(
  { header, identity, objects }: { header?: BackupHeader; identity?: unknown; objects: number },
  seal: BackupSeal,
): CheckedBackup {
  if (!header || identity === undefined) throw new BackupRefused('the backup lacks its beginning');
  if (seal.objects === objects) return { ...seal, header, identity };
  throw new BackupRefused(`the backup is not whole: expected ${seal.objects} objects, found ${objects}`);
}

const step = 1_000_000_000;

/**
 * The revision that a restored cluster goes on from: the next but one multiple of 10⁹.
 *
 * After the backup was made the cluster went on and handed out further revisions, which are forgotten now; clients still
 * hold them. If they were handed out a second time, a client that goes on watching from one would miss, silently, what
 * happened before it in the new line of events, and a conditional update that was meant for the old state could hit the
 * new one. With the jump, all of them lie below the oldest revision that can be watched: such a client is told 410 and
 * lists again. Objects keep the revisions that they have in the backup, so a conditional update based on a later, lost
 * one fails as a conflict. A cluster would have to write a thousand times a second for eleven days to catch up with the
 * jump, and numbers stay exact for nine million restores.
 */
export function revisionAfterRestore(revision: number): number {
  return (Math.floor(revision / step) + 2) * step;
}

/** Agents refuse a leader of a lower epoch than one that they have seen; nobody counts this many take-overs. */
const epochJump = 1_000_000;

export interface JournalContents {
  readonly isEmpty: boolean;
  /** The highest sequence that occurs anywhere in it; 0: none. */
  readonly lastSequence: number;
}

/** Looks at what is there without judging whether it is whole. */
export async function journalContents(medium: MediumReader): Promise<JournalContents> {
  const heads = await medium.snapshots();
  const sealed = heads.findLast(({ seal }) => seal)?.sequence ?? 0;
  let lastSequence = Math.max(await medium.acknowledged(), ...heads.map(({ sequence }) => sequence), 0);
  let entries = 0;
  for await (const page of medium.read(sealed + 1)) {
    entries += page.length;
    lastSequence = Math.max(lastSequence, page.at(-1)?.sequence ?? 0);
  }
  return { isEmpty: sealed === 0 && entries === 0, lastSequence };
}

export interface RestoredJournal {
  readonly revision: number;
  readonly epoch: number;
}

/**
 * Replaces everything in the journal by the backup, at one instant: when the snapshot that is made of it is sealed. Until
 * then the journal is what it was. Whoever wrote it before is fenced.
 */
export async function restoreJournal(
  medium: Medium,
  open: OpenBackup,
  { header, objects }: CheckedBackup,
): Promise<RestoredJournal> {
  const epoch = await medium.claim(header.epoch + epochJump);
  const { lastSequence } = await journalContents(medium);
  const revision = revisionAfterRestore(header.revision);
  const log: LogPosition = { sequence: lastSequence + 1, checksum: chainStart, epoch, revision };
  await writeChunks(medium, epoch, { objects, log }, chunksOf(readBackup(open())), new AbortController().signal);
  await medium.dropBelow(epoch, log.sequence);
  return { revision, epoch };
}

async function* chunksOf(parts: AsyncIterable<BackupPart>): AsyncGenerator<Chunk> {
  for await (const part of parts) if (part.kind === 'chunk') yield part.chunk;
}
