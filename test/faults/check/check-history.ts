// All checks of a history, by name.
import type { History } from '../history/history.ts';
import { checkContainers } from './containers.ts';
import { checkLeaders } from './leaders.ts';
import { checkLinearizability } from './linearizability.ts';
import type { Verdict } from './verdict.ts';
import { checkWatches } from './watches.ts';
import { checkWrites } from './writes.ts';

const checks: Readonly<Record<string, (history: History) => Verdict>> = {
  'acknowledged writes': checkWrites,
  'linearizable reads': checkLinearizability,
  watches: checkWatches,
  'one leader': checkLeaders,
  containers: checkContainers,
};

export function checkHistory(history: History): ReadonlyMap<string, Verdict> {
  return new Map(Object.entries(checks).map(([name, check]) => [name, check(history)]));
}

const mostShown = 20;

/** For people: a line for each check, and what was found below it. */
export function printVerdicts(verdicts: ReadonlyMap<string, Verdict>): string {
  return [...verdicts]
    .flatMap(([name, { looked, violations, undecided }]) => [
      `${violations.length > 0 ? 'VIOLATED' : undecided.length > 0 ? 'UNDECIDED' : 'ok'}  ${name}: ${looked}`,
      ...violations.slice(0, mostShown).map((text) => `    ${text}`),
      ...(violations.length > mostShown ? [`    … and ${String(violations.length - mostShown)} more`] : []),
      ...undecided.map((text) => `    not decided: ${text}`),
    ])
    .join('\n');
}
