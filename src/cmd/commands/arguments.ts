// Parsers of option values: what is wrong is said in one line, with what was expected.
import { InvalidArgumentError } from 'commander';
import { parseDurationSeconds } from '../../cli/duration.ts';

/** A parser of whole numbers between two bounds. */
export function wholeNumber(least = 0, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${String(least)} on` : `${String(least)} to ${String(most)}`;
  return (text) => {
    const value = Number(text);
    if (/^-?\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Expected a whole number, ${range}.`);
  };
}

/** 0 stands for any free port. */
export const port = wholeNumber(0, 65_535);

/** For options that may be repeated. */
export const collect = (value: string, previous: readonly string[] = []) => [...previous, value];

/** kubectl's spellings of `--dry-run`; `client` is no other than `server` here: the server checks. */
export function dryRun(text: string): boolean {
  if (['server', 'client', 'true'].includes(text)) return true;
  if (['none', 'false'].includes(text)) return false;
  throw new InvalidArgumentError('Expected server, client or none.');
}

/** `90s`, `5m`, `24h`; `0` for none. In seconds. */
export function duration(text: string): number {
  if (text === '0') return 0;
  try {
    return parseDurationSeconds(text);
  } catch {
    throw new InvalidArgumentError('Expected a duration such as 90s, 5m or 24h, or 0.');
  }
}

/** A time in seconds, at least a tenth. */
export function seconds(text: string): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value >= 0.1) return value;
  throw new InvalidArgumentError('Expected a number of seconds, 0.1 or more.');
}
