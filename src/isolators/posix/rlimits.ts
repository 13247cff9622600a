// posix/rlimits: limits of the process itself (setrlimit), from the agent's defaults and the pod's annotation.
import { configError } from '../isolation-error.ts';
import type { Isolator } from '../isolator.ts';
import type { AgentLimits } from '../linux/agent-limits.ts';
import type { OciRlimit } from '../oci-spec.ts';

/** `nofile=1024:4096,core=0`: soft and hard, or both at once. */
export const rlimitsAnnotation = 'tepui.dev/rlimits';

const names = new Set(
  'as core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime sigpending stack'.split(' '),
);

const usualOpenFiles = 65_536;

/** Enough for servers, little enough for programs that close every descriptor at start; no core dumps. */
export function defaultRlimits(agent: AgentLimits): OciRlimit[] {
  const files = agent.mayExceed ? usualOpenFiles : Math.min(usualOpenFiles, agent.openFiles);
  return [
    { type: 'RLIMIT_NOFILE', soft: files, hard: files },
    { type: 'RLIMIT_CORE', soft: 0, hard: 0 },
  ];
}

/** Throws IsolationError that shows the form. */
export function parseRlimits(text: string): OciRlimit[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const match = /^([a-z]+)=(\d+)(?::(\d+))?$/.exec(part);
      if (!match || !names.has(match[1] ?? '')) {
        throw configError(
          `annotation ${rlimitsAnnotation}: expected limits such as "nofile=1024:4096,core=0", found ${JSON.stringify(part)}`,
        );
      }
      const soft = Number(match[2]);
      return { type: `RLIMIT_${(match[1] ?? '').toUpperCase()}`, soft, hard: Number(match[3] ?? soft) };
    });
}

export function createRlimitsIsolator(agent: AgentLimits): Isolator {
  return {
    name: 'posix/rlimits',
    prepare({ pod }, spec) {
      const own = parseRlimits(pod.pod.metadata.annotations?.[rlimitsAnnotation] ?? '');
      const byType = new Map([...defaultRlimits(agent), ...own].map((limit) => [limit.type, limit]));
      spec.process.rlimits = [...byType.values()];
    },
  };
}
