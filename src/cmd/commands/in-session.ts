// Runs a command of the command line in a session that is closed afterwards.
import type { Command } from 'commander';
import type { GlobalOptions, Session } from '../../cli/session.ts';

/** Of a command that was interrupted, as shells count it: 128 + SIGINT. */
const interrupted = 130;

/** @param work resolves with the number of failures that were reported already */
export async function inSession(program: Command, work: (session: Session) => Promise<number>): Promise<void> {
  const { openSession } = await import('../../cli/session.ts');
  const session = openSession(program.opts<GlobalOptions>());
  try {
    process.exitCode = (await work(session)) > 0 ? 1 : 0;
  } catch (error) {
    if (!session.signal.aborted) throw error;
  } finally {
    if (session.signal.aborted) process.exitCode = interrupted;
    session.close();
  }
}
