// What is written down about a run, so that another agent process can take it over. Not synced to disk: a process
// that dies loses nothing, and no container survives the machine.
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContainerKey } from '../containerizer.ts';

/** Written before anything is started. */
export interface RunRecord {
  readonly key: ContainerKey;
  readonly imageId: string;
  /** What SIGTERM becomes: the image's choice. */
  readonly stopSignal: string;
  readonly messageFromLog: boolean;
}

/** Written before the process is let go and again once it runs: without it a run is half-made and goes away. */
export interface ProcessRecord {
  readonly pid: number;
  /** Tells the process from a later one with the same pid. */
  readonly identity: string;
  readonly startedAtMs: number;
  /** It was about to be let go: whether it was, the launcher knows. */
  readonly isStarting?: true;
}

const runFile = 'run.json';
const processFile = 'process.json';

export const writeRunRecord = (directory: string, record: RunRecord): Promise<void> =>
  writeWhole(join(directory, runFile), record);

export const writeProcessRecord = (directory: string, record: ProcessRecord): Promise<void> =>
  writeWhole(join(directory, processFile), record);

/** Undefined when the run is half-made. */
export async function readRecords(directory: string): Promise<{ run: RunRecord; process: ProcessRecord } | undefined> {
  const [run, process] = await Promise.all([
    readWhole<RunRecord>(join(directory, runFile)),
    readWhole<ProcessRecord>(join(directory, processFile)),
  ]);
  return run && process ? { run, process } : undefined;
}

async function writeWhole(path: string, value: object): Promise<void> {
  await writeFile(`${path}.tmp`, JSON.stringify(value), { mode: 0o600 });
  await rename(`${path}.tmp`, path);
}

async function readWhole<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T;
  } catch {
    return undefined;
  }
}
