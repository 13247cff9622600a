// Acknowledged writes are in the final state, or were overwritten by a later write; no update was lost under another.
import type { History, Operation } from '../history/history.ts';
import type { FinalLine, Item } from '../history/lines.ts';
import { groupBy } from './group-by.ts';
import { verdict, type Verdict } from './verdict.ts';

const isWrite = ({ op }: Operation) => op === 'create' || op === 'update' || op === 'delete';

export function checkWrites(history: History): Verdict {
  const writes = history.operations.filter(isWrite);
  const acknowledged = writes.filter(({ outcome }) => outcome === 'ok');
  const [final] = history.finals;
  const problems = [
    ...(final ? [] : ['nobody wrote down the final state']),
    ...(acknowledged.length === 0 ? ['no write was acknowledged: there is nothing to check'] : []),
    ...sameFinal(history.finals),
    ...(final ? present(writes, final) : []),
    ...overwritten(acknowledged),
    ...(final ? counters(writes, final) : []),
    ...oneMeaning(history),
  ];
  return verdict(`${String(writes.length)} writes, ${String(acknowledged.length)} acknowledged`, problems);
}

/** All servers show the same in the end. */
function sameFinal(finals: readonly FinalLine[]): string[] {
  const shape = ({ items }: FinalLine) =>
    JSON.stringify([...items].sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ key, rv, tag }) => [key, rv, tag]));
  const [first, ...others] = finals;
  if (!first) return [];
  return others
    .filter((other) => shape(other) !== shape(first))
    .map((other) => `in the end, servers ${first.server} and ${other.server} show different objects`);
}

/** A write is excused by a later one, acknowledged or unknown, that can have replaced what it wrote. */
function present(writes: readonly Operation[], final: FinalLine): string[] {
  const inTheEnd = new Map(final.items.map((item) => [item.key, item]));
  const byKey = groupBy(writes, ({ key }) => key);
  return writes
    .filter(({ outcome }) => outcome === 'ok')
    .filter((write) => !isKept(write, inTheEnd.get(write.key)))
    .filter((write) => !(byKey.get(write.key) ?? []).some((other) => mayReplace(other, write)))
    .map((write) => {
      const shown = inTheEnd.get(write.key)?.tag ?? 'nothing';
      return `acknowledged ${describe(write)} is gone: in the end there is ${shown}, and no later write explains it`;
    });
}

const isKept = (write: Operation, item: Item | undefined) =>
  write.op === 'delete' ? item === undefined : item?.tag === write.tag;

function mayReplace(other: Operation, write: Operation): boolean {
  if (other === write || other.outcome === 'fail') return false;
  if (write.op === 'delete') return other.op === 'create' && other.to > write.from;
  if (other.op === 'create') return false;
  return other.expect === undefined ? other.to > write.from : other.expect.tag === write.tag;
}

/** Two acknowledged writes that replaced the same version: one of them did not see the other. */
function overwritten(acknowledged: readonly Operation[]): string[] {
  const insisting = acknowledged.filter(({ expect }) => expect !== undefined);
  return [...groupBy(insisting, ({ key, expect }) => `${key} ${String(expect?.rv)}`)]
    .filter(([, group]) => group.length > 1)
    .map(([, group]) => `lost update: ${group.map(describe).join(' and ')} replaced the same version`);
}

/** A key that was never deleted counts at least its acknowledged updates. */
function counters(writes: readonly Operation[], final: FinalLine): string[] {
  const problems: string[] = [];
  for (const [key, ofKey] of groupBy(writes, (write) => write.key)) {
    if (ofKey.some(({ op, outcome }) => op === 'delete' && outcome !== 'fail')) continue;
    const updates = ofKey.filter(({ op, outcome }) => op === 'update' && outcome === 'ok').length;
    const count = final.items.find((item) => item.key === key)?.count;
    if (count !== undefined && count < updates) {
      problems.push(`${key} counts ${String(count)} in the end, but ${String(updates)} increments were acknowledged`);
    }
  }
  return problems;
}

/** A resource version names one version of one object for everybody, and a tag one resource version. */
function oneMeaning({ operations, streams, finals }: History): string[] {
  const known = new Map<string, string>();
  const problems = new Set<string>();
  const learn = (name: string, meaning: string) => {
    const former = known.get(name);
    if (former !== undefined && former !== meaning)
      problems.add(`${name} is ${former} for one and ${meaning} for another`);
    known.set(name, meaning);
  };
  const see = ({ key, tag, rv }: { key: string; tag: string; rv: number }) => {
    learn(`resource version ${String(rv)}`, `${key} ${tag}`);
    learn(`${key} ${tag}`, `resource version ${String(rv)}`);
  };
  for (const { op, key, tag, rv, items } of operations) {
    if ((op === 'create' || op === 'update') && tag !== undefined && rv !== undefined) see({ key, tag, rv });
    items.forEach(see);
  }
  for (const { events, items } of streams) {
    items?.forEach(see);
    for (const { item, type } of events) if (item && type !== 'DELETED') see(item);
  }
  finals.forEach(({ items }) => items.forEach(see));
  return [...problems];
}

/** For messages: `update of k3 to c1-17 (c1-204)`. */
export const describe = ({ op, key, tag, id }: Operation): string =>
  `${op} of ${key}${tag === undefined ? '' : ` to ${tag}`} (${id})`;
