// Columns of pods.
import { listAt, textAt } from '../json-path.ts';
import { ageColumn, nameColumn, orNone, text, wide } from './column.ts';
import type { Column } from './column.ts';
import { summarisePod } from './pod-status.ts';

export const podColumns: readonly Column[] = [
  nameColumn,
  text('Ready', 'Containers that are ready, of all.', (pod, nowMs) => {
    const { ready, total } = summarisePod(pod, nowMs);
    return `${ready}/${total}`;
  }),
  text('Status', 'The state of the pod, or what stops it.', (pod, nowMs) => summarisePod(pod, nowMs).status),
  text('Restarts', 'Restarts of its containers, and the last one.', (pod, nowMs) => summarisePod(pod, nowMs).restarts),
  ageColumn,
  wide(text('IP', 'Address of the pod.', (pod) => orNone(textAt(pod, 'status', 'podIP')))),
  wide(text('Node', 'Node that it is bound to.', (pod) => orNone(textAt(pod, 'spec', 'nodeName')))),
  wide(
    text('Nominated Node', 'Node that is being made free for it.', (pod) =>
      orNone(textAt(pod, 'status', 'nominatedNodeName')),
    ),
  ),
  wide(
    text('Readiness Gates', 'Further conditions of readiness that are met, of all.', (pod) => {
      const gates = listAt(pod, 'spec', 'readinessGates').map((gate) => textAt(gate, 'conditionType'));
      if (gates.length === 0) return '<none>';
      const met = listAt(pod, 'status', 'conditions').filter(
        (condition) => gates.includes(textAt(condition, 'type')) && textAt(condition, 'status') === 'True',
      );
      return `${met.length}/${gates.length}`;
    }),
  ),
];
