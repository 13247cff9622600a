// The parts that descriptions are made of: labelled values, tables, indented blocks.
import { stringify } from 'yaml';
import { formatAge } from '../duration.ts';
import { alignColumns } from '../table.ts';

/** `[label, value]`; without a value the line is left out. */
export type Field = readonly [string, string | undefined];

export const none = '<none>';

/** Aligned lines `Label:   value`; the further lines of a value stand below its first. */
export function fields(pairs: readonly Field[]): string {
  const rows = pairs.flatMap(([label, value]) => {
    if (value === undefined) return [];
    const [first = '', ...rest] = value.split('\n');
    return [[`${label}:`, first], ...rest.map((line) => ['', line])];
  });
  return alignColumns(rows);
}

/** A heading and, below it, aligned rows; `<none>` when there are none. */
export function table(title: string, header: readonly string[], rows: readonly (readonly string[])[]): string {
  return rows.length === 0 ? `${title}: ${none}` : `${title}:\n${indent(alignColumns([header, ...rows]))}`;
}

/** A heading and what belongs to it. */
export const block = (title: string, text: string): string => `${title}:\n${indent(text)}`;

export const indent = (text: string): string => text.replace(/^(?=.)/gm, '  ');

/** `3m ago (2026-01-01T00:00:00Z)` */
export function ago(time: string | undefined, nowMs: number): string | undefined {
  return time === undefined ? undefined : `${formatAge(nowMs - Date.parse(time))} ago (${time})`;
}

/** One pair a line. */
export function pairLines(pairs: Readonly<Record<string, unknown>> | undefined, separator = '='): string {
  const lines = Object.entries(pairs ?? {}).map(([key, value]) => `${key}${separator}${String(value)}`);
  return lines.length === 0 ? none : lines.join('\n');
}

/** `cpu 50m, memory 16Mi` */
export function amounts(quantities: Readonly<Record<string, string | number>> | undefined): string | undefined {
  const texts = Object.entries(quantities ?? {}).map(([name, amount]) => `${name} ${String(amount)}`);
  return texts.length === 0 ? undefined : texts.join(', ');
}

/** Any value, as YAML below its heading; a scalar beside it. */
export function yamlBlock(title: string, value: unknown): string {
  const isNested = typeof value === 'object' && value !== null;
  return isNested ? block(title, stringify(value).trimEnd()) : `${title}: ${stringify(value).trimEnd()}`;
}

/** A command as one would type it. */
export function commandText(words: readonly string[] | undefined): string | undefined {
  if (words === undefined || words.length === 0) return undefined;
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
}
