// A whole run as the checker sees it: operations with their answers, watches with their events, and what observers saw.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type {
  ActingLine,
  AnswerLine,
  ClaimLine,
  ContainerLine,
  EpochLine,
  EventLine,
  FinalLine,
  InvokeLine,
  Item,
  Line,
  OperationKind,
  Outcome,
  Refusal,
  Version,
} from './lines.ts';

export interface Operation {
  readonly id: string;
  readonly op: OperationKind;
  readonly key: string;
  readonly server: string;
  readonly from: number;
  /** Infinite when the outcome is unknown: it may be done at any later time. */
  readonly to: number;
  readonly outcome: Outcome;
  readonly refusal: Refusal | undefined;
  readonly tag: string | undefined;
  readonly count: number | undefined;
  readonly expect: Version | undefined;
  readonly rv: number | undefined;
  readonly items: readonly Item[];
  readonly stale: boolean;
  readonly broken: boolean;
}

export interface Stream {
  readonly stream: string;
  readonly watcher: string;
  readonly server: string;
  readonly at: number;
  readonly from: number;
  /** Of the list that it follows; undefined: it resumes an earlier stream. */
  readonly items: readonly Item[] | undefined;
  readonly events: EventLine[];
  how: string;
}

export interface History {
  /** In the order in which they were invoked. */
  readonly operations: readonly Operation[];
  /** In the order in which they were opened. */
  readonly streams: readonly Stream[];
  readonly acting: readonly ActingLine[];
  readonly claims: readonly ClaimLine[];
  /** In the order in which they were found. */
  readonly epochs: readonly EpochLine[];
  readonly containers: readonly ContainerLine[];
  readonly finals: readonly FinalLine[];
}

/** Reads every `*.jsonl` of a folder. A last line without its end was cut by a kill and does not count. */
export function readHistory(folder: string): History {
  const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  return historyOf(files.flatMap((name) => parseLines(readFileSync(join(folder, name), 'utf8'))));
}

function parseLines(text: string): Line[] {
  const complete = text.slice(0, text.lastIndexOf('\n') + 1);
  return complete
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

export function historyOf(lines: readonly Line[]): History {
  const answers = new Map(ofKind(lines, 'answer').map((line) => [line.id, line]));
  const operations = ofKind(lines, 'invoke')
    .map((line) => operationOf(line, answers.get(line.id)))
    .sort((a, b) => a.from - b.from);
  return {
    operations,
    streams: streamsOf(lines),
    acting: ofKind(lines, 'acting'),
    claims: ofKind(lines, 'claim'),
    epochs: ofKind(lines, 'epoch'),
    containers: ofKind(lines, 'container').sort((a, b) => a.at - b.at),
    finals: ofKind(lines, 'final'),
  };
}

const ofKind = <K extends Line['line']>(lines: readonly Line[], kind: K) =>
  lines.filter((line): line is Extract<Line, { line: K }> => line.line === kind);

function operationOf(invoked: InvokeLine, answer: AnswerLine | undefined): Operation {
  const outcome = answer?.outcome ?? 'unknown';
  return {
    ...{ id: invoked.id, op: invoked.op, key: invoked.key, server: invoked.server, from: invoked.at, outcome },
    to: outcome === 'unknown' ? Infinity : (answer?.at ?? Infinity),
    ...{ tag: invoked.tag, count: invoked.count, expect: invoked.expect },
    ...saidBy(answer),
  };
}

function saidBy(answer: AnswerLine | undefined) {
  const { refusal, rv, items = [], stale = false, broken = false } = answer ?? {};
  return { refusal, rv, items, stale, broken };
}

function streamsOf(lines: readonly Line[]): Stream[] {
  const streams = new Map<string, Stream>();
  for (const { stream, watcher, server, at, from, items } of ofKind(lines, 'stream')) {
    streams.set(stream, { stream, watcher, server, at, from, items, events: [], how: 'broken' });
  }
  for (const event of ofKind(lines, 'event')) streams.get(event.stream)?.events.push(event);
  for (const { stream, how } of ofKind(lines, 'end')) {
    const ended = streams.get(stream);
    if (ended) ended.how = how;
  }
  return [...streams.values()].sort((a, b) => a.at - b.at);
}
