// The exit file of a bundle: a decimal exit code, written at once (by rename) when the container has ended.
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { exitFile, type Bundle, type RecordedExit } from './launcher.ts';

export async function readExitRecord(bundle: Bundle): Promise<RecordedExit | undefined> {
  try {
    const file = await open(join(bundle.directory, exitFile));
    try {
      const [text, { mtimeMs }] = await Promise.all([file.readFile('utf8'), file.stat()]);
      return { exitCode: Number(text.trim()), finishedAtMs: Math.round(mtimeMs) };
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}
