// Runs a command of the command line in a session that is closed afterwards.
import type { Command } from 'commander';
import { StatusError } from '../../api/status-error.ts';
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
    if (!session.signal.aborted) throw asKubeconfigProblem(error);
  } finally {
    if (session.signal.aborted) process.exitCode = interrupted;
    session.close();
  }
}

/** The server says no more than that: what may be wrong is known here. */
function asKubeconfigProblem(error: unknown): unknown {
  if (!(error instanceof StatusError) || error.reason !== 'Unauthorized') return error;
  const message =
    'the server does not accept the credentials of the kubeconfig: is it the one of this cluster, and not of an earlier one?';
  return new StatusError('Unauthorized', message, undefined, { cause: error });
}
