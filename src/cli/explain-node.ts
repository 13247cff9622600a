// Why a node is as it is. Pure.
import type { Node } from '../api/types.gen.ts';
import { formatTaint } from '../api/taints.ts';
import type { Explanation } from './explanation.ts';

export function explainNode(node: Node): Explanation {
  return lost(node) ?? cordoned(node) ?? working(node);
}

const nameOf = ({ metadata }: Node) => metadata.name ?? '';

function lost(node: Node): Explanation | undefined {
  const ready = node.status?.conditions?.find(({ type }) => type === 'Ready');
  if (ready?.status === 'True') return undefined;
  const isSilent = ready?.status !== 'False';
  return {
    healthy: false,
    reason: isSilent ? 'It is not heard of: its agent does not run, or cannot reach the server.' : 'It is not ready.',
    evidence: [
      ready
        ? `condition Ready=${ready.status}, reason ${ready.reason ?? 'unknown'}: ${ready.message ?? ''}`
        : 'it never reported',
      ...(ready?.lastTransitionTime === undefined ? [] : [`since ${ready.lastTransitionTime}`]),
      ...notes(node),
    ],
    nextSteps: [
      `Read the agent's log on the node: nodes/${nameOf(node)}/agent.log in the home of tepui dev`,
      'Start the agent again; what ran on the node is found and kept.',
    ],
  };
}

function cordoned(node: Node): Explanation | undefined {
  if (node.spec?.unschedulable !== true) return undefined;
  return {
    healthy: false,
    reason: 'It is ready, but takes no new pods: it is cordoned.',
    evidence: ['spec.unschedulable: true', ...notes(node)],
    nextSteps: [`Allow it again: kubectl uncordon ${nameOf(node)}`],
  };
}

function working(node: Node): Explanation {
  const gaps = gapsOf(node);
  const isDegraded = gaps.length > 0;
  return {
    healthy: true,
    reason: isDegraded ? 'It is ready, but cannot isolate everything.' : 'It is ready and takes pods.',
    evidence: notes(node),
    nextSteps: isDegraded ? ['Mend what the evidence names, then start the agent again.'] : [],
  };
}

const gapsOf = ({ metadata }: Node): string[] => metadata.annotations?.['tepui.dev/degraded']?.split('\n') ?? [];

function notes(node: Node): string[] {
  return [
    ...(node.spec?.taints ?? []).map((taint) => `taint ${formatTaint(taint)}`),
    ...gapsOf(node).map((gap) => `degraded: ${gap}`),
  ];
}
