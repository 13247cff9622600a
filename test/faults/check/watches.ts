// Watches are complete and in order: every change of the selection once, in the order of its number, over all the streams
// that a watcher resumed one after the other, whichever server they came from.
import type { History, Stream } from '../history/history.ts';
import type { EventLine, Item } from '../history/lines.ts';
import { verdict, type Verdict } from './verdict.ts';

/** A list, and the streams that followed it without a gap. */
interface Chain {
  readonly watcher: string;
  readonly items: readonly Item[];
  readonly start: number;
  readonly streams: Stream[];
}

export function checkWatches(history: History): Verdict {
  const chains = chainsOf(history.streams);
  const committed = committedChanges(history);
  const newest = Math.max(0, ...committed.keys());
  const violations = [
    ...history.streams.flatMap(rising),
    ...chains.flatMap((chain) => resumedWhereItEnded(chain)),
    ...chains.flatMap((chain) => complete(chain, committed)),
    ...chains.flatMap(replayable),
    ...lastChains(chains).flatMap((chain) => reachedTheEnd(chain, newest)),
    ...(chains.length === 0 ? ['nobody watched'] : []),
  ];
  const events = history.streams.reduce((sum, { events }) => sum + events.length, 0);
  return verdict(`${String(events)} events of ${String(history.streams.length)} streams`, violations);
}

function chainsOf(streams: readonly Stream[]): Chain[] {
  const chains: Chain[] = [];
  const current = new Map<string, Chain>();
  for (const stream of streams) {
    const { watcher, items, from } = stream;
    const chain = items ? { watcher, items, start: from, streams: [] } : current.get(watcher);
    if (!chain) continue;
    if (items) chains.push(chain);
    chain.streams.push(stream);
    current.set(watcher, chain);
  }
  return chains;
}

/** Revision → what was committed there, from acknowledged writes and from what any watcher saw. */
function committedChanges({ operations, streams }: History): Map<number, string> {
  const committed = new Map<number, string>();
  for (const { op, outcome, rv, key, tag } of operations) {
    if (outcome === 'ok' && rv !== undefined && (op === 'create' || op === 'update'))
      committed.set(rv, `${key} ${tag ?? ''}`);
  }
  for (const { events } of streams) {
    for (const { rv, item, type } of events) {
      if (item) committed.set(rv, type === 'DELETED' ? `deletion of ${item.key}` : `${item.key} ${item.tag}`);
    }
  }
  return committed;
}

function rising({ stream, from, events }: Stream): string[] {
  let last = from;
  const problems: string[] = [];
  for (const { rv, type } of events) {
    // A bookmark repeats the number of what was sent last.
    const isOrdered = type === 'BOOKMARK' ? rv >= last : rv > last;
    if (!isOrdered) problems.push(`stream ${stream}: ${type} ${String(rv)} after ${String(last)}`);
    last = Math.max(last, rv);
  }
  return problems;
}

const lastOf = ({ from, events }: Stream) => events.at(-1)?.rv ?? from;

/** A mistake of the watcher would hide one of the server. */
function resumedWhereItEnded({ streams }: Chain): string[] {
  return streams.slice(1).flatMap((stream, index) => {
    const expected = lastOf(streams[index] ?? stream);
    if (stream.from === expected) return [];
    return [`stream ${stream.stream} was resumed from ${String(stream.from)}, not from ${String(expected)}`];
  });
}

const eventsOf = ({ streams }: Chain): EventLine[] =>
  streams.flatMap(({ events }) => events).filter(({ item }) => item !== undefined);

const endOf = (chain: Chain) => Math.max(chain.start, ...chain.streams.map(lastOf));

function complete(chain: Chain, committed: ReadonlyMap<number, string>): string[] {
  const seen = new Map<number, number>();
  for (const { rv } of eventsOf(chain)) seen.set(rv, (seen.get(rv) ?? 0) + 1);
  const end = endOf(chain);
  const missed = [...committed]
    .filter(([rv]) => rv > chain.start && rv <= end && !seen.has(rv))
    .map(([rv, what]) => `watcher ${chain.watcher} missed ${what} at ${String(rv)}, ${between(chain, rv)}`);
  const twice = [...seen].filter(([, times]) => times > 1);
  return [...missed, ...twice.map(([rv]) => `watcher ${chain.watcher} saw ${String(rv)} more than once`)];
}

/** Where in the chain a revision should have been: the stream, its server, and the neighbours. */
function between({ streams }: Chain, rv: number): string {
  const stream = streams.find((one) => lastOf(one) >= rv);
  if (!stream) return 'after its last stream';
  const before = stream.events.findLast((event) => event.rv < rv)?.rv ?? stream.from;
  const after = stream.events.find((event) => event.rv > rv)?.rv ?? 'its end';
  return `in stream ${stream.stream} of server ${stream.server}, between ${String(before)} and ${String(after)}`;
}

/** The types tell the story of each object: nothing is added that is there, changed or deleted that is not. */
function replayable(chain: Chain): string[] {
  const there = new Map(chain.items.map((item) => [item.key, item]));
  const problems: string[] = [];
  for (const { type, rv, item } of eventsOf(chain)) {
    if (!item) continue;
    const before = there.get(item.key);
    const place = `watcher ${chain.watcher} at ${String(rv)}: ${item.key} was ${type}`;
    if ((type === 'ADDED') === (before !== undefined))
      problems.push(`${place}, but ${before ? 'was there' : 'was not there'}`);
    if (type === 'MODIFIED' && before && item.count !== before.count + 1) {
      problems.push(`${place} and counts ${String(item.count)} after ${String(before.count)}: an increment was lost`);
    }
    if (type === 'DELETED') there.delete(item.key);
    else there.set(item.key, item);
  }
  return problems;
}

const lastChains = (chains: readonly Chain[]) => [...new Map(chains.map((chain) => [chain.watcher, chain])).values()];

function reachedTheEnd(chain: Chain, newest: number): string[] {
  const end = endOf(chain);
  if (end >= newest) return [];
  return [
    `watcher ${chain.watcher} was shown nothing after ${String(end)}, but the newest change is ${String(newest)}`,
  ];
}
