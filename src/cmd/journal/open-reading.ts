// Opens a journal to look at it, wherever it lies, and says what keeps somebody from looking.
import { StatusError } from '../../api/status-error.ts';
import { JournalDamaged, JournalDropped, JournalUnavailable } from '../../store/journal-errors.ts';
import { openEmbeddedForReading } from '../../store/media/embedded-reading.ts';
import { openZookeeperForReading } from '../../store/media/zookeeper-reading.ts';
import type { MediumReader } from '../../store/medium.ts';
import { ZookeeperUnavailable } from '../../zookeeper/zookeeper.ts';
import { locateHome } from '../home.ts';
import { livingOwner } from '../pid-file.ts';
import { withZookeeper } from '../zookeeper-connection.ts';

/** Where a journal lies. */
export interface JournalAddress {
  readonly zk?: string;
  readonly home?: string;
}

/** Exit codes of the commands that look at journals. */
export const journalExit = { fine: 0, damaged: 1, unreadable: 2 } as const;

/**
 * Works on the journal and closes it. Resolves with the exit code: that of the work, or after a message on standard error
 * the one for damage. Rejects, with the exit code for a journal that cannot be read set, for everything else.
 */
export async function readingJournal(
  address: JournalAddress,
  work: (medium: MediumReader) => Promise<number>,
): Promise<number> {
  try {
    return await (address.zk === undefined ? readEmbedded(address.home, work) : readZookeeper(address.zk, work));
  } catch (error) {
    if (error instanceof JournalDamaged) {
      process.stderr.write(`error: ${error.message}\n`);
      return journalExit.damaged;
    }
    process.exitCode = journalExit.unreadable;
    throw isExpected(error) ? new StatusError('ServiceUnavailable', error.message, undefined, { cause: error }) : error;
  }
}

const isExpected = (error: unknown): error is Error =>
  error instanceof JournalUnavailable || error instanceof ZookeeperUnavailable || error instanceof JournalDropped;

function readZookeeper(url: string, work: (medium: MediumReader) => Promise<number>): Promise<number> {
  return withZookeeper(url, async ({ zookeeper, log }) => {
    const medium = await openZookeeperForReading({ zookeeper, log });
    try {
      return await work(medium);
    } finally {
      await medium.close();
    }
  });
}

async function readEmbedded(
  option: string | undefined,
  work: (medium: MediumReader) => Promise<number>,
): Promise<number> {
  const home = locateHome(option);
  const owner = await livingOwner(home.pidFile);
  if (owner) throw inUse(home.path, `process ${String(owner.pid)}`);
  const medium = await openEmbeddedForReading(home.journal);
  try {
    const code = await work(medium);
    if (code !== journalExit.fine && !(await medium.isUnchanged())) throw inUse(home.path, 'somebody');
    return code;
  } finally {
    await medium.close();
  }
}

function inUse(home: string, user: string): JournalUnavailable {
  return new JournalUnavailable(
    `the journal in ${home} is in use (${user} writes it), and an embedded journal can only be read while nobody does. ` +
      'Stop the server first; or look at the objects with tepui get, and save them with tepui backup',
  );
}
