// The scenario of the frozen ensemble: all of ZooKeeper is stopped for longer than a session, again and again. The servers
// come back by themselves, and none of their processes ends.
import type { System } from '../cluster/system.ts';
import { pause, type Stage } from './fault-run.ts';

export interface FreezeOptions {
  readonly times: number;
  readonly forMs: number;
}

/** Rejects when the system does not recover, or a process of tepui ended. */
export async function frozenEnsemble(
  { servers, agents, zookeepers }: System,
  { times, forMs }: FreezeOptions,
  { leaders, recovered }: Stage,
  say: (text: string) => void,
): Promise<void> {
  const processes = [...servers, ...agents].map(({ process }) => process);
  const pids = () => processes.map(({ name, pid }) => `${name} ${String(pid)}`).join(', ');
  const before = pids();
  for (let time = 1; time <= times; time += 1) {
    for (const { process } of zookeepers) process.signal('SIGSTOP');
    try {
      await pause(forMs);
    } finally {
      for (const { process } of zookeepers) process.signal('SIGCONT');
    }
    const tookMs = await recovered();
    const title = `${String(time)}/${String(times)} frozen for ${String(forMs)} ms`;
    say(`${title}: well ${(tookMs / 1000).toFixed(1)} s after, epoch ${String(leaders.epoch)}`);
    if (pids() !== before) throw new Error(`processes changed: ${before} before, ${pids()} now`);
  }
}
