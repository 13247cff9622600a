// What keeps a server or an agent from starting and its user can mend: said with the remedy, without a stack.
import { StatusError } from '../api/status-error.ts';
import { InvalidZookeeperUrl, parseZookeeperUrl, type ZookeeperAddress } from '../zookeeper/address.ts';
import { JournalDamaged, JournalUnavailable } from '../store/journal-errors.ts';

/** Exit code of an agent that cannot start as it was asked to: trying again is of no use (EX_CONFIG of sysexits). */
export const cannotStartCode = 78;

/** @param flag the option that chooses the port */
export async function orPortTaken<T>(listening: Promise<T>, port: number, flag: string): Promise<T> {
  try {
    return await listening;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const choose = `choose another with ${flag} PORT (0: any free one)`;
    if (code === 'EADDRINUSE') {
      const who = `ss -ltnp 'sport = :${String(port)}'`;
      throw new StatusError(
        'Conflict',
        `port ${String(port)} is taken by another process: ${choose}, or end it (${who})`,
      );
    }
    if (code !== 'EACCES') throw error;
    throw new StatusError('Forbidden', `port ${String(port)} may not be used by this user: ${choose}`);
  }
}

/** The journal's own errors say all there is to say; of others the stack is wanted. */
export function asStartProblem(error: unknown): unknown {
  const isKnown = error instanceof JournalDamaged || error instanceof JournalUnavailable;
  return isKnown ? new StatusError('ServiceUnavailable', error.message) : error;
}

/** @param description of the ensemble and the path */
export function noAuthority(description: string): StatusError {
  return new StatusError(
    'Forbidden',
    `ZooKeeper does not let this client read ${description}: what is there belongs to the user and password with which ` +
      'the cluster was made. Give them as zk://USER:PASSWORD@HOST:PORT,…/PATH',
  );
}

/** @throws StatusError for what is no connection string */
export function readAddress(url: string): ZookeeperAddress {
  try {
    return parseZookeeperUrl(url);
  } catch (error) {
    if (error instanceof InvalidZookeeperUrl) throw new StatusError('BadRequest', error.message);
    throw error;
  }
}
