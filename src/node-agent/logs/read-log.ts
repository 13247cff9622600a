// Reads one run's log across its rotated parts; following, it waits for the file system's word and never polls.
import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createLineFormatter } from './line-formatter.ts';
import type { LineFormatter } from './line-formatter.ts';
import { listLogParts } from './log-parts.ts';
import type { LogPart } from './log-parts.ts';
import { tailPosition } from './tail-position.ts';

export interface ReadLogOptions {
  readonly path: string;
  readonly timestamps: boolean;
  readonly tailLines: number | undefined;
  readonly sinceMs: number | undefined;
  readonly limitBytes: number | undefined;
  /** Given: go on until it has resolved and everything is read. */
  readonly followUntil: Promise<void> | undefined;
}

/** Chunks of at most some 64 KiB. Ends early when the signal aborts. */
export async function* readLog(options: ReadLogOptions, signal: AbortSignal): AsyncGenerator<Buffer> {
  const news = options.followUntil ? watchLog(options.path, options.followUntil, signal) : undefined;
  const formatter = createLineFormatter(options);
  const cursor = await createCursor(options);
  try {
    for (;;) {
      // Asked before reading: what is written in between is then read in this round, not lost.
      const ended = !news || news.hasEnded;
      yield* drain(cursor, formatter, signal);
      if (formatter.isFull || isAborted(signal)) return;
      if (await cursor.advance()) continue;
      if (ended) return;
      await news.changed();
    }
  } finally {
    news?.close();
    await cursor.close();
  }
}

const isAborted = (signal: AbortSignal): boolean => signal.aborted;

const readBytes = 64 * 1024;
const newline = 0x0a;

async function* drain(cursor: Cursor, formatter: LineFormatter, signal: AbortSignal): AsyncGenerator<Buffer> {
  for (;;) {
    const entries = await cursor.read();
    if (entries.length === 0 || isAborted(signal)) return;
    const printed = entries.map((entry) => formatter.add(entry)).filter((text) => text !== undefined);
    if (printed.length > 0) yield Buffer.concat(printed);
    if (formatter.isFull) return;
  }
}

interface Cursor {
  /** Complete entries after the last ones; empty at the end of what is written so far. */
  read(): Promise<readonly Buffer[]>;
  /** At the end of a part: true when there is more to read, here or in the next part. False when this is the youngest. */
  advance(): Promise<boolean>;
  close(): Promise<void>;
}

async function createCursor(options: ReadLogOptions): Promise<Cursor> {
  const { path } = options;
  let current = await openStart(options);

  return {
    async read() {
      if (!current) return [];
      const buffer = Buffer.allocUnsafe(readBytes);
      for (;;) {
        const { bytesRead } = await current.file.read(buffer, 0, readBytes, current.position);
        current.position += bytesRead;
        const text = Buffer.concat([current.rest, buffer.subarray(0, bytesRead)]);
        const { entries, rest } = splitEntries(text);
        current.rest = rest;
        if (entries.length > 0 || bytesRead === 0) return entries;
      }
    },
    async advance() {
      const next = nextPart(await listLogParts(path), current?.inode);
      if (!next) return false;
      // The writer has gone on to the next file: what it wrote here before it did may not be read yet. And a look in the
      // middle of a rotation, when names change, may miss a part: two looks have to agree.
      if (current && current.successor !== next.inode) {
        current.successor = next.inode;
        return true;
      }
      const opened = await openPart(next, 0);
      if (!opened) return true;
      await current?.file.close();
      current = opened;
      return true;
    },
    close: async () => current?.file.close(),
  };
}

interface OpenPart {
  readonly file: FileHandle;
  readonly inode: number;
  position: number;
  rest: Buffer;
  /** Inode of the part after this one, once there is one: nothing comes here any more. */
  successor: number | undefined;
}

/** Undefined when there is no log. */
async function openStart({ path, tailLines }: ReadLogOptions): Promise<OpenPart | undefined> {
  for (;;) {
    const parts = await listLogParts(path);
    if (parts.length === 0) return undefined;
    const start = tailLines === undefined ? { part: 0, offset: 0 } : await tailPosition(parts, tailLines);
    const first = parts[start.part];
    const opened = first && (await openPart(first, start.offset));
    if (opened) return opened;
  }
}

/** Undefined when the file has another name by now. */
async function openPart(part: LogPart, offset: number): Promise<OpenPart | undefined> {
  const file = await open(part.path, 'r').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  });
  if (!file) return undefined;
  const { ino, size } = await file.stat();
  if (ino === part.inode) {
    return { file, inode: ino, position: Math.min(offset, size), rest: Buffer.alloc(0), successor: undefined };
  }
  await file.close();
  return undefined;
}

/** The part after the one that was read; the oldest when that one is gone already. */
function nextPart(parts: readonly LogPart[], inode: number | undefined): LogPart | undefined {
  const index = parts.findIndex((part) => part.inode === inode);
  return parts[index + 1];
}

function splitEntries(text: Buffer): { entries: readonly Buffer[]; rest: Buffer } {
  const entries: Buffer[] = [];
  let start = 0;
  for (let end = text.indexOf(newline); end >= 0; end = text.indexOf(newline, start)) {
    entries.push(text.subarray(start, end));
    start = end + 1;
  }
  return { entries, rest: Buffer.from(text.subarray(start)) };
}

interface LogNews {
  readonly hasEnded: boolean;
  /** Resolves when something happened since it was last asked. */
  changed(): Promise<void>;
  close(): void;
}

/** Watches the folder: the file itself changes its name when it is rotated. */
function watchLog(path: string, ended: Promise<void>, signal: AbortSignal): LogNews {
  let hasEnded = false;
  let pending = false;
  let wake: (() => void) | undefined;
  const notify = () => {
    pending = true;
    wake?.();
  };
  let watcher: FSWatcher | undefined;
  try {
    watcher = watch(dirname(path), { persistent: false }, notify);
    watcher.on('error', notify);
  } catch {
    // The folder is gone with its pod: what is left is to read to the end.
    hasEnded = true;
  }
  void ended.then(() => {
    hasEnded = true;
    notify();
  });
  signal.addEventListener('abort', notify, { once: true });
  return {
    get hasEnded() {
      return hasEnded;
    },
    async changed() {
      if (!pending) await new Promise<void>((resolve) => (wake = resolve));
      pending = false;
    },
    close() {
      signal.removeEventListener('abort', notify);
      watcher?.close();
    },
  };
}
