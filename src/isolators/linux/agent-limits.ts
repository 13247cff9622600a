// What the agent itself may hand on: without CAP_SYS_RESOURCE nobody gets more than the agent has.
import { readFileSync } from 'node:fs';

export interface AgentLimits {
  /** Has CAP_SYS_RESOURCE: limits may be raised and OOM scores lowered. */
  readonly mayExceed: boolean;
  /** Hard limit of open files. */
  readonly openFiles: number;
  readonly oomScore: number;
}

const sysResourceBit = 24n;

export function readAgentLimits(): AgentLimits {
  const read = (name: string) => readFileSync(`/proc/self/${name}`, 'utf8');
  return parseAgentLimits(read('status'), read('limits'), read('oom_score_adj'));
}

/** From the texts of proc(5)'s `status`, `limits` and `oom_score_adj`. */
export function parseAgentLimits(status: string, limits: string, oomScore: string): AgentLimits {
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? '0'}`);
  const openFiles = Number(/^Max open files\s+\S+\s+(\S+)/m.exec(limits)?.[1]);
  return {
    mayExceed: ((effective >> sysResourceBit) & 1n) === 1n,
    openFiles: Number.isNaN(openFiles) ? Number.POSITIVE_INFINITY : openFiles,
    oomScore: Number(oomScore),
  };
}
