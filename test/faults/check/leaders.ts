// Never two leaders: once a server was seen acting in an epoch, nobody acts in an earlier one, and an epoch has one server.
import type { History } from '../history/history.ts';
import type { ActingLine } from '../history/lines.ts';
import { groupBy } from './group-by.ts';
import { verdict, type Verdict } from './verdict.ts';

export function checkLeaders({ acting }: History): Verdict {
  const epochs = new Set(acting.map(({ epoch }) => epoch));
  const violations = [...overtaken(acting), ...shared(acting)];
  return verdict(`${String(acting.length)} signs of leadership in ${String(epochs.size)} epochs`, violations);
}

/** A sign lies somewhere between its two times; it contradicts only those that ended before it began. */
function overtaken(acting: readonly ActingLine[]): string[] {
  const byEnd = [...acting].sort((a, b) => a.to - b.to);
  const problems: string[] = [];
  let newest: ActingLine | undefined;
  let ended = 0;
  for (const sign of [...acting].sort((a, b) => a.from - b.from)) {
    for (let next = byEnd[ended]; next && next.to < sign.from; next = byEnd[++ended]) {
      if (!newest || next.epoch > newest.epoch) newest = next;
    }
    if (newest && newest.epoch > sign.epoch) {
      problems.push(`${describe(sign)} acted after ${describe(newest)} had, ${ms(sign.from - newest.to)} later`);
    }
  }
  return problems;
}

function shared(acting: readonly ActingLine[]): string[] {
  const known = acting.filter(({ server }) => server !== '');
  return [...groupBy(known, ({ epoch }) => epoch)]
    .map(([epoch, signs]) => ({ epoch, servers: [...new Set(signs.map(({ server }) => server))] }))
    .filter(({ servers }) => servers.length > 1)
    .map(({ epoch, servers }) => `epoch ${String(epoch)} has ${String(servers.length)} leaders: ${servers.join(', ')}`);
}

const describe = ({ server, epoch, source }: ActingLine) =>
  `the leader ${server} of epoch ${String(epoch)} (seen by ${source})`;
const ms = (ns: number) => `${(ns / 1e6).toFixed(0)} ms`;
