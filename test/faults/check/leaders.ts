// Never two leaders: once one was seen acting in an epoch, nobody acts in an earlier one, and an epoch has one server. An
// acknowledged write is an act; the journal says in which epoch it was made.
import type { History, Operation } from '../history/history.ts';
import type { ActingLine, ClaimLine, EpochLine } from '../history/lines.ts';
import { groupBy } from './group-by.ts';
import { verdict, type Verdict } from './verdict.ts';

type Act = Pick<ActingLine, 'from' | 'to' | 'epoch' | 'source'>;

export function checkLeaders({ acting, claims, epochs, operations }: History): Verdict {
  const acts: Act[] = [...acting, ...operations.flatMap((operation) => actOf(operation, epochs))];
  const seen = new Set([...acts, ...claims].map(({ epoch }) => epoch));
  const violations = [...overtaken(acts), ...shared(claims), ...mixed(epochs)];
  return verdict(`${String(acts.length)} acts of leaders in ${String(seen.size)} epochs`, violations);
}

function actOf({ id, op, outcome, rv, from, to }: Operation, epochs: readonly EpochLine[]): Act[] {
  if (outcome !== 'ok' || rv === undefined || (op !== 'create' && op !== 'update')) return [];
  const found = epochs.find(({ first, last }) => rv >= first && rv <= last);
  return found ? [{ from, to, epoch: found.epoch, source: `${op} ${id}` }] : [];
}

/** An act lies somewhere between its two times; it contradicts only those that ended before it began. */
function overtaken(acts: readonly Act[]): string[] {
  const byEnd = [...acts].sort((a, b) => a.to - b.to);
  const problems: string[] = [];
  let newest: Act | undefined;
  let ended = 0;
  for (const act of [...acts].sort((a, b) => a.from - b.from)) {
    for (let next = byEnd[ended]; next && next.to < act.from; next = byEnd[++ended]) {
      if (!newest || next.epoch > newest.epoch) newest = next;
    }
    if (newest && newest.epoch > act.epoch) {
      problems.push(`${describe(act)} came ${ms(act.from - newest.to)} after ${describe(newest)}`);
    }
  }
  return problems;
}

function shared(claims: readonly ClaimLine[]): string[] {
  return [...groupBy(claims, ({ epoch }) => epoch)]
    .map(([epoch, ofEpoch]) => ({ epoch, servers: [...new Set(ofEpoch.map(({ server }) => server))] }))
    .filter(({ servers }) => servers.length > 1)
    .map(({ epoch, servers }) => `epoch ${String(epoch)} has ${String(servers.length)} leaders: ${servers.join(', ')}`);
}

/** The writes of an epoch lie after all those of earlier ones. */
function mixed(epochs: readonly EpochLine[]): string[] {
  return epochs.flatMap((later) =>
    epochs
      .filter((earlier) => earlier.epoch < later.epoch && earlier.last >= later.first)
      .map(
        (earlier) =>
          `epoch ${String(earlier.epoch)} wrote up to ${String(earlier.last)}, epoch ${String(later.epoch)} from ${String(later.first)} on`,
      ),
  );
}

const describe = ({ epoch, source }: Act) => `an act in epoch ${String(epoch)} (${source})`;
const ms = (ns: number) => `${(ns / 1e6).toFixed(0)} ms`;
