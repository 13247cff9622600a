// Resource vectors as Mesos has them: scalars in fixed point (integers of 1/1000), ranges and sets. Values never change.
import { StatusError } from './status-error.ts';

/** Both ends belong to the range. */
export interface Range {
  readonly begin: number;
  readonly end: number;
}

/** Amounts by name, in thousandths; a name with nothing is absent. */
export type Scalars = Readonly<Record<string, number>>;

export interface Resources {
  readonly scalars: Scalars;
  /** Sorted, disjoint, never adjacent. */
  readonly ranges: Readonly<Record<string, readonly Range[]>>;
  /** Sorted, without duplicates. */
  readonly sets: Readonly<Record<string, readonly string[]>>;
}

export const noResources: Resources = { scalars: {}, ranges: {}, sets: {} };

/** A decimal amount in thousandths, rounded to the nearest, as Mesos does: 1.5 → 1500. */
export function toThousandths(amount: number): number {
  const result = Math.round(amount * 1000);
  if (!Number.isSafeInteger(result))
    throw new StatusError('BadRequest', `${amount} is not an amount that fits three decimals`);
  return result;
}

/** Thousandths as decimal text: 1500 → `1.5`. */
export function formatThousandths(thousandths: number): string {
  return String(thousandths / 1000);
}

/** Brings raw parts into the normal form: zero and empty entries dropped, ranges merged, sets sorted. */
export function createResources(parts: {
  readonly scalars?: Scalars;
  readonly ranges?: Readonly<Record<string, readonly Range[]>>;
  readonly sets?: Readonly<Record<string, readonly string[]>>;
}): Resources {
  return {
    scalars: filterEntries(parts.scalars ?? {}, (amount) => amount !== 0),
    ranges: withoutEmpty(mapEntries(parts.ranges ?? {}, mergeRanges)),
    sets: withoutEmpty(mapEntries(parts.sets ?? {}, sortedUnique)),
  };
}

/** Everything of both. Ranges and sets are united. */
export function addResources(a: Resources, b: Resources): Resources {
  return {
    scalars: addScalars(a.scalars, b.scalars),
    ranges: isEmptyRecord(b.ranges) ? a.ranges : combine(a.ranges, b.ranges, (x, y) => mergeRanges([...x, ...y])),
    sets: isEmptyRecord(b.sets) ? a.sets : combine(a.sets, b.sets, (x, y) => sortedUnique([...x, ...y])),
  };
}

/** What is left of `a` without `b`. Throws when `a` does not contain `b`: that would be an error in accounting. */
export function subtractResources(a: Resources, b: Resources): Resources {
  if (!containsResources(a, b)) {
    throw new StatusError('InternalError', `cannot take ${formatResources(b)} from ${formatResources(a)}`);
  }
  return remainder(a, b);
}

/** What is left of `a` when as much of `b` as is there has been taken away; never negative. */
export function remainder(a: Resources, b: Resources): Resources {
  return {
    scalars: remainingScalars(a.scalars, b.scalars),
    ranges: isEmptyRecord(b.ranges) ? a.ranges : shrink(a.ranges, b.ranges, subtractRanges),
    sets: isEmptyRecord(b.sets) ? a.sets : shrink(a.sets, b.sets, (x, y) => x.filter((item) => !y.includes(item))),
  };
}

/** True when `b` fits into `a`, in every name. */
export function containsResources(a: Resources, b: Resources): boolean {
  if (a === b) return true;
  if (!containsScalars(a.scalars, b.scalars)) return false;
  for (const name in b.ranges) if (subtractRanges(b.ranges[name] ?? [], a.ranges[name] ?? []).length > 0) return false;
  for (const name in b.sets) {
    const present = a.sets[name] ?? [];
    if (!(b.sets[name] ?? []).every((item) => present.includes(item))) return false;
  }
  return true;
}

/** True when no name has anything. */
export function isEmptyResources(resources: Resources): boolean {
  return isEmptyRecord(resources.scalars) && isEmptyRecord(resources.ranges) && isEmptyRecord(resources.sets);
}

export function equalResources(a: Resources, b: Resources): boolean {
  return containsResources(a, b) && containsResources(b, a);
}

export function addScalars(a: Scalars, b: Scalars): Scalars {
  const sum: Record<string, number> = { ...a };
  for (const name in b) put(sum, name, (a[name] ?? 0) + (b[name] ?? 0));
  return sum;
}

/** `a` less `b`, names that reach zero or below dropped. */
export function remainingScalars(a: Scalars, b: Scalars): Scalars {
  const rest: Record<string, number> = {};
  for (const name in a) {
    const amount = (a[name] ?? 0) - (b[name] ?? 0);
    if (amount > 0) rest[name] = amount;
  }
  return rest;
}

export function containsScalars(a: Scalars, b: Scalars): boolean {
  for (const name in b) if ((a[name] ?? 0) < (b[name] ?? 0)) return false;
  return true;
}

/** `cpus:1.5; mem:512; ports:[31000-31005, 31010-31010]; disks:{a, b}`, names in order; `nothing` when empty. */
export function formatResources(resources: Resources): string {
  const parts = [
    ...sortedEntries(resources.scalars).map(([name, amount]) => `${name}:${formatThousandths(amount)}`),
    ...sortedEntries(resources.ranges).map(([name, ranges]) => `${name}:[${formatRanges(ranges)}]`),
    ...sortedEntries(resources.sets).map(([name, items]) => `${name}:{${items.join(', ')}}`),
  ];
  return parts.length === 0 ? 'nothing' : parts.join('; ');
}

/** The inverse of `formatResources`, and the form of Mesos' `--resources` flag. Throws StatusError BadRequest. */
export function parseResources(text: string): Resources {
  const scalars: Record<string, number> = {};
  const ranges: Record<string, readonly Range[]> = {};
  const sets: Record<string, readonly string[]> = {};
  for (const part of text === 'nothing' ? [] : text.split(';').filter((item) => item.trim() !== '')) {
    const match = /^\s*([^:\s]+)\s*:\s*(?:\[(?<ranges>.*)\]|\{(?<sets>.*)\}|(?<scalar>\d+(?:\.\d+)?))\s*$/.exec(part);
    const name = match?.[1];
    if (!match?.groups || name === undefined) throw malformed(part);
    if (match.groups['ranges'] !== undefined) ranges[name] = parseRanges(match.groups['ranges']);
    else if (match.groups['sets'] !== undefined) sets[name] = splitList(match.groups['sets']);
    else scalars[name] = toThousandths(Number(match.groups['scalar']));
  }
  return createResources({ scalars, ranges, sets });
}

function parseRanges(text: string): Range[] {
  return splitList(text).map((item) => {
    const match = /^(\d+)-(\d+)$/.exec(item);
    const [begin, end] = [Number(match?.[1] ?? Number.NaN), Number(match?.[2] ?? Number.NaN)];
    if (!(begin <= end)) throw malformed(`[${text}]`);
    return { begin, end };
  });
}

const malformed = (part: string): StatusError =>
  new StatusError(
    'BadRequest',
    `"${part.trim()}" is not a resource: expected name:1.5, name:[1-10, 20-30] or name:{a, b}`,
  );

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function formatRanges(ranges: readonly Range[]): string {
  return ranges.map(({ begin, end }) => `${begin}-${end}`).join(', ');
}

function mergeRanges(ranges: readonly Range[]): readonly Range[] {
  const merged: Range[] = [];
  for (const range of [...ranges].sort((x, y) => x.begin - y.begin)) {
    const last = merged.at(-1);
    if (last && range.begin <= last.end + 1)
      merged[merged.length - 1] = { begin: last.begin, end: Math.max(last.end, range.end) };
    else merged.push(range);
  }
  return merged;
}

function subtractRanges(from: readonly Range[], taken: readonly Range[]): readonly Range[] {
  if (from === taken) return [];
  let rest = from;
  for (const gap of taken) rest = rest.flatMap((range) => cut(range, gap));
  return rest;
}

function cut(range: Range, gap: Range): Range[] {
  if (gap.end < range.begin || gap.begin > range.end) return [range];
  const pieces: Range[] = [];
  if (range.begin < gap.begin) pieces.push({ begin: range.begin, end: gap.begin - 1 });
  if (range.end > gap.end) pieces.push({ begin: gap.end + 1, end: range.end });
  return pieces;
}

function sortedUnique(items: readonly string[]): readonly string[] {
  return [...new Set(items)].sort();
}

function combine<T>(
  a: Readonly<Record<string, readonly T[]>>,
  b: Readonly<Record<string, readonly T[]>>,
  join: (x: readonly T[], y: readonly T[]) => readonly T[],
): Record<string, readonly T[]> {
  const result = { ...a };
  for (const name in b) result[name] = join(a[name] ?? [], b[name] ?? []);
  return result;
}

function shrink<T>(
  a: Readonly<Record<string, readonly T[]>>,
  b: Readonly<Record<string, readonly T[]>>,
  without: (x: readonly T[], y: readonly T[]) => readonly T[],
): Record<string, readonly T[]> {
  const result: Record<string, readonly T[]> = {};
  for (const name in a) {
    const rest = without(a[name] ?? [], b[name] ?? []);
    if (rest.length > 0) result[name] = rest;
  }
  return result;
}

function put(record: Record<string, number>, name: string, amount: number): void {
  if (amount === 0) delete record[name];
  else record[name] = amount;
}

function mapEntries<T, U>(record: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}

function filterEntries<T>(record: Readonly<Record<string, T>>, keep: (value: T) => boolean): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => keep(value)));
}

function withoutEmpty<T>(record: Readonly<Record<string, readonly T[]>>): Record<string, readonly T[]> {
  return filterEntries(record, (items) => items.length > 0);
}

function sortedEntries<T>(record: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}

function isEmptyRecord(record: Readonly<Record<string, unknown>>): boolean {
  for (const name in record) if (Object.hasOwn(record, name)) return false;
  return true;
}
