// Reads and writes are linearizable, key by key; a read that was marked as perhaps out of date may be old, but not invented.
import type { History, Operation } from '../history/history.ts';
import { decide, stepOf, type Step } from './register.ts';
import { verdict, type Verdict } from './verdict.ts';
import { describe } from './writes.ts';

export function checkLinearizability(history: History): Verdict {
  const operations = [...history.operations, ...finalReads(history)];
  const keys = new Set(operations.flatMap(({ key, items }) => [key, ...items.map((item) => item.key)]));
  keys.delete('');
  const violations: string[] = [...fromNowhere(operations), ...broken(operations)];
  const undecided: string[] = [];
  for (const key of [...keys].sort()) {
    const touching = operations.filter((operation) => operation.op === 'list' || operation.key === key);
    const steps = touching.map((operation) => stepOf(operation, key)).filter((step) => step !== undefined);
    const decision = decide(steps);
    if (decision.kind === 'violated') violations.push(explain(key, decision.step, decision.possible, touching));
    if (decision.kind === 'undecided') undecided.push(`${key}: too many orders are possible at ${decision.step.name}`);
  }
  const stale = operations.filter((operation) => operation.stale).length;
  return verdict(
    `${String(operations.length)} operations on ${String(keys.size)} keys, ${String(stale)} marked as stale`,
    violations,
    undecided,
  );
}

/** The final state is a read of every key. */
const finalReads = ({ finals }: History): Operation[] =>
  finals.map(({ at, server, rv, items }) => ({
    ...{
      id: `final ${server}`,
      op: 'list',
      key: '',
      server,
      from: at,
      to: at,
      outcome: 'ok',
      rv,
      items,
      stale: false,
      broken: false,
    },
    ...{ refusal: undefined, tag: undefined, count: undefined, expect: undefined },
  }));

function explain(
  key: string,
  step: Step,
  possible: readonly (string | undefined)[],
  touching: readonly Operation[],
): string {
  const operation = touching.find(({ id }) => id === step.name);
  const found = operation?.items.find((item) => item.key === key)?.tag ?? 'nothing';
  const what = operation && !['get', 'list'].includes(operation.op) ? describe(operation) : `a read of ${found}`;
  const states = possible.map((state) => state ?? 'nothing').join(', ');
  return (
    `${key} is not linearizable: ${what} (${step.name}, by ${operation?.server ?? 'nobody'}, ${operation?.outcome ?? ''}` +
    `${operation?.refusal === undefined ? '' : ` ${operation.refusal}`}) cannot be, when what can have been there is: ${states}`
  );
}

/** A client takes such an answer for the truth: a list that was cut short, or an empty one. */
const broken = (operations: readonly Operation[]): string[] =>
  operations
    .filter((operation) => operation.broken)
    .map(({ op, id, server }) => `${op} ${id} was answered by ${server} with success and a body that is not whole`);

/** Whatever is read was written by an operation that had begun, stale or not. */
function fromNowhere(operations: readonly Operation[]): string[] {
  const begun = new Map(operations.filter(({ tag }) => tag !== undefined).map(({ tag, from }) => [tag ?? '', from]));
  return operations.flatMap((operation) =>
    operation.items
      .filter(({ tag }) => (begun.get(tag) ?? Infinity) > operation.to)
      .map(({ key, tag }) => `${operation.op} ${operation.id} shows ${key} as ${tag}, which nobody had begun to write`),
  );
}
