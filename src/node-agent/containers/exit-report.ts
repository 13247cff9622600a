// Makes the story of an end: exit code, reason, and the words that help.
import { open, readFile } from 'node:fs/promises';
import type { Limitation } from '../../isolators/isolator.ts';
import { terminationLog } from '../../isolators/filesystem/sandbox.ts';
import type { ContainerExit } from '../containerizer.ts';
import type { RecordedExit } from '../launchers/launcher.ts';
import type { ProcessRecord, RunRecord } from './checkpoint.ts';

export interface End {
  readonly run: RunRecord;
  readonly process: ProcessRecord;
  readonly exit: RecordedExit | undefined;
  readonly limitation: Limitation | undefined;
  /** The container's own last words. */
  readonly lastWords: string;
  readonly nowMs: number;
}

/** Pure. An OOM kill counts only when it did harm: a process that survives its child's death is not OOMKilled. */
export function describeEnd(end: End): ContainerExit {
  const { run, process, exit, limitation, lastWords, nowMs } = end;
  const times = { startedAtMs: process.startedAtMs, finishedAtMs: exit?.finishedAtMs ?? nowMs };
  if (!exit) {
    const message =
      'the process that watched the container is gone (killed, or the machine restarted): the exit code is lost';
    return { key: run.key, exitCode: undefined, reason: 'ContainerStatusUnknown', message, ...times };
  }
  const { exitCode } = exit;
  const harmed = limitation !== undefined && exitCode !== 0;
  const reason = harmed ? limitation.reason : exitCode === 0 ? 'Completed' : 'Error';
  const message = [harmed ? limitation.message : '', lastWords].filter((part) => part !== '').join('\n');
  return { key: run.key, exitCode, reason, ...(message === '' ? {} : { message }), ...times };
}

const messageLimitBytes = 4096;
const tailLimitBytes = 2048;
const tailLimitLines = 80;

/** The termination message file; if it is empty and the pod wants that, the tail of the log of a failed run. */
export async function readLastWords(
  directory: string,
  logPath: string,
  run: RunRecord,
  failed: boolean,
): Promise<string> {
  const text = await readFile(terminationLog(directory)).catch(() => Buffer.alloc(0));
  if (text.length > 0) return text.subarray(0, messageLimitBytes).toString('utf8');
  return failed && run.messageFromLog ? logTail(logPath) : '';
}

async function logTail(path: string): Promise<string> {
  const file = await open(path).catch(() => undefined);
  if (!file) return '';
  try {
    const { size } = await file.stat();
    const start = Math.max(0, size - 2 * tailLimitBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
    return tailText(buffer.toString('utf8', 0, bytesRead), start > 0);
  } finally {
    await file.close();
  }
}

/** Text of CRI log lines without their heads, cut to what a message may hold. @param cut the first line may be half */
export function tailText(lines: string, cut: boolean): string {
  const texts = lines
    .trimEnd()
    .split('\n')
    .slice(cut ? 1 : 0)
    .map((line) => line.split(' ').slice(3).join(' '));
  return texts.slice(-tailLimitLines).join('\n').slice(-tailLimitBytes);
}
