// Reads the agents' logs as they grow: each `registered` says whose word the agent took, in which epoch.
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { monotonicNs, type LineLog } from '../history/line-log.ts';

export interface AgentObserver {
  stop(): Promise<void>;
}

export interface ObservedAgent {
  readonly name: string;
  readonly logFile: string;
}

const lookEveryMs = 200;

export function observeAgents(agents: readonly ObservedAgent[], log: LineLog): AgentObserver {
  const stopping = new AbortController();
  const observing = agents.map(async ({ name, logFile }) => {
    let lookedAt = monotonicNs();
    const read = createTail(logFile);
    for (let isLast = false; !isLast;) {
      isLast = stopping.signal.aborted;
      const at = monotonicNs();
      for (const line of read()) {
        const epoch = registeredEpoch(line);
        // It was written after the last look, and before this one ended.
        if (epoch !== undefined) {
          log.write({ line: 'acting', from: lookedAt, to: monotonicNs(), epoch, source: `agent ${name}` });
        }
      }
      lookedAt = at;
      await wait(lookEveryMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  });
  return {
    async stop() {
      stopping.abort();
      await Promise.all(observing);
    },
  };
}

/** Gives the whole lines that are new since the last call. */
function createTail(file: string): () => string[] {
  let offset = 0;
  let rest = '';
  const buffer = Buffer.alloc(65_536);
  return () => {
    if (!existsSync(file)) return [];
    const descriptor = openSync(file, 'r');
    for (let length = -1; length !== 0; offset += length) {
      length = readSync(descriptor, buffer, 0, buffer.length, offset);
      rest += buffer.toString('latin1', 0, length);
    }
    closeSync(descriptor);
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    return lines;
  };
}

function registeredEpoch(line: string): number | undefined {
  if (!line.includes('"registered"')) return undefined;
  const { msg, epoch } = JSON.parse(line) as { msg?: string; epoch?: number | string };
  return msg === 'registered' && epoch !== undefined ? Number(epoch) : undefined;
}
