// The scenario of random faults: one after the other, each undone and recovered from before the next.
import type { System } from '../cluster/system.ts';
import { pause, type Stage } from './fault-run.ts';
import { inflict } from './inflict.ts';
import { describeFault, type Fault } from './plan.ts';

/** Rejects with the fault that the system did not recover from. */
export async function randomFaults(
  system: System,
  faults: readonly Fault[],
  { leaders, recovered }: Stage,
  say: (text: string) => void,
): Promise<void> {
  for (const [index, fault] of faults.entries()) {
    const title = `${String(index + 1)}/${String(faults.length)} ${describeFault(fault)}`;
    const inflicted = await inflict(system, fault, leaders.leader);
    const { met } = inflicted;
    try {
      await pause(fault.holdMs);
    } finally {
      await inflicted.undo();
    }
    const tookMs = await recovered().catch((error: unknown) => {
      throw new Error(`fault ${title} (${met}): ${(error as Error).message}`, { cause: error });
    });
    say(`${title} (${met}): well ${(tookMs / 1000).toFixed(1)} s after, epoch ${String(leaders.epoch)}`);
    await pause(fault.pauseMs);
  }
}
