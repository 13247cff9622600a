// Finds where the last N lines of a log begin, reading backwards over its parts.
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { parseCriLine } from './cri-line.ts';
import type { LogPart } from './log-parts.ts';

export interface LogPosition {
  /** Index into the parts. */
  readonly part: number;
  readonly offset: number;
}

const blockBytes = 64 * 1024;
const newline = 0x0a;

/** @param lines what the program printed as lines: entries that continue each other count once, and an unfinished last line comes on top */
export async function tailPosition(parts: readonly LogPart[], lines: number): Promise<LogPosition> {
  const last = parts.length - 1;
  if (lines === 0) return { part: Math.max(0, last), offset: Number.POSITIVE_INFINITY };
  let missing = lines;
  for (let index = last; index >= 0; index -= 1) {
    const part = parts[index];
    if (!part) continue;
    const found = await searchPart(part.path, missing);
    if (found.offset !== undefined) return { part: index, offset: found.offset };
    missing -= found.ends;
  }
  return { part: 0, offset: 0 };
}

interface Search {
  /** Set once one line more than wanted was seen: its end is the beginning. */
  readonly offset: number | undefined;
  /** Ends of lines seen. */
  readonly ends: number;
}

async function searchPart(path: string, wanted: number): Promise<Search> {
  const file = await open(path, 'r');
  try {
    return await searchFile(file, wanted);
  } finally {
    await file.close();
  }
}

async function searchFile(file: FileHandle, wanted: number): Promise<Search> {
  let position = (await file.stat()).size;
  let rest = Buffer.alloc(0);
  let ends = 0;
  while (position > 0) {
    const length = Math.min(blockBytes, position);
    position -= length;
    const block = Buffer.alloc(length);
    await file.read(block, 0, length, position);
    const text = Buffer.concat([block, rest]);
    const firstBreak = position === 0 ? -1 : text.indexOf(newline);
    if (position > 0 && firstBreak < 0) {
      rest = text;
      continue;
    }
    const found = countBack(text, firstBreak + 1, wanted - ends);
    if (found.offset !== undefined) return { offset: position + found.offset, ends };
    ends += found.ends;
    rest = text.subarray(0, firstBreak + 1);
  }
  return { offset: undefined, ends };
}

/** Goes over the entries of `text` from the last to the one that begins at `from`. */
function countBack(text: Buffer, from: number, wanted: number): Search {
  let ends = 0;
  let end = text.length;
  while (end > from) {
    const start = end - 2 < from ? from : Math.max(from, text.lastIndexOf(newline, end - 2) + 1);
    const entry = parseCriLine(text.subarray(start, text[end - 1] === newline ? end - 1 : end));
    if (entry?.isFull !== false) {
      if (ends === wanted) return { offset: end, ends };
      ends += 1;
    }
    end = start;
  }
  return { offset: undefined, ends };
}
