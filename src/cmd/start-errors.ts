// What can go wrong at a start because of the machine, told in one line with what to do.
import { StatusError } from '../api/status-error.ts';

/** Rejects with StatusError when the port cannot be had. @param flag that chose it, such as `--api-port` */
export async function withPort<T>(flag: string, port: number, listening: Promise<T>): Promise<T> {
  try {
    return await listening;
  } catch (error) {
    const reason = portReasons[codeOf(error)];
    if (reason === undefined) throw error;
    throw problem(`${flag} ${String(port)}: ${reason}; choose another port, or 0 for any free one`, error);
  }
}

const portReasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there already, perhaps another tepui',
  EACCES: 'this user may not listen there',
};

/** Throws StatusError when the folder cannot be made or written. */
export function withFolder(path: string, make: () => void): void {
  try {
    make();
  } catch (error) {
    const reason = folderReasons[codeOf(error)] ?? (error as Error).message;
    throw problem(`cannot keep anything in ${path}: ${reason}; name another folder with --home`, error);
  }
}

const folderReasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the file system is read-only',
  EEXIST: 'it is a file, and a folder was expected',
  ENOTDIR: 'a part of the path is a file, and a folder was expected',
  ENOSPC: 'the disk is full',
};

/** A journal says by itself what is wrong with it and what to do. */
export function journalProblem(error: unknown): unknown {
  return error instanceof Error && error.name.startsWith('Journal') ? problem(error.message, error) : error;
}

/** Exit status of an agent that cannot run as it was told to, as sysexits.h numbers it (EX_CONFIG). */
export const configurationExit = 78;

const problem = (message: string, cause: unknown) =>
  new StatusError('ServiceUnavailable', message, undefined, { cause });

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';
