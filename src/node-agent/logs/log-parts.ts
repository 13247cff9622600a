// The files of one log: the current one and its rotated parts (`.1` is the youngest of those), oldest first.
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

export interface LogPart {
  readonly path: string;
  /** Tells a file from its successor under the same name. */
  readonly inode: number;
}

/** Empty when there is no log. */
export async function listLogParts(path: string): Promise<readonly LogPart[]> {
  const rotations = (await names(dirname(path)))
    .map((name) => rotationOf(basename(path), name))
    .filter((rotation) => rotation !== undefined)
    .sort((a, b) => b - a);
  const paths = [...rotations.map((rotation) => `${path}.${rotation}`), path];
  const found = await Promise.all(paths.map(partAt));
  return found.filter((part) => part !== undefined);
}

async function names(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch {
    return [];
  }
}

function rotationOf(current: string, name: string): number | undefined {
  const suffix = name.startsWith(`${current}.`) ? name.slice(current.length + 1) : '';
  return /^[1-9]\d*$/.test(suffix) ? Number(suffix) : undefined;
}

async function partAt(path: string): Promise<LogPart | undefined> {
  try {
    return { path: join(path), inode: (await stat(path)).ino };
  } catch {
    // Rotated away between the two looks.
    return undefined;
  }
}
