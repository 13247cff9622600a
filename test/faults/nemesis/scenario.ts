// From options to a verdict: starts a system, lets things go wrong under load, and has the checker judge.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startDevSystem } from '../cluster/dev-system.ts';
import { startClusterSystem } from '../cluster/cluster-system.ts';
import { slowDiskProblem } from '../cluster/slow-disk.ts';
import type { System } from '../cluster/system.ts';
import { checkFolder, runUnderLoad, type RunOptions } from './fault-run.ts';
import { frozenEnsemble, type FreezeOptions } from './frozen-ensemble.ts';
import { planFaults, type Fault, type FaultKind, type Victim } from './plan.ts';
import { randomFaults } from './random-faults.ts';

export interface ScenarioOptions extends RunOptions {
  readonly system: 'cluster' | 'dev';
  /** How many random faults; not used when the ensemble is to be frozen. */
  readonly faults: number;
  /** Only these kinds of faults; empty: all that are possible here. */
  readonly kinds: readonly string[];
  /** `times` 0: random faults instead. */
  readonly frozen: FreezeOptions;
}

/** True when the system always recovered and every promise was kept. `folder` receives everything. */
export async function runScenario(options: ScenarioOptions): Promise<boolean> {
  const { say } = options;
  say(`seed ${String(options.seed)}, folder ${options.folder}`);
  const logs = join(options.folder, 'history');
  mkdirSync(logs, { recursive: true });
  const system = await startSystem(options);
  let recovered = true;
  try {
    await runUnderLoad(system, { ...options, folder: logs }, async (stage) => {
      if (options.frozen.times > 0) await frozenEnsemble(system, options.frozen, stage, say);
      else await randomFaults(system, faultsOf(system, options), stage, say);
    });
  } catch (error) {
    recovered = false;
    say(`FAILED: ${String(error instanceof Error ? error.message : error)}`);
  } finally {
    await system.destroy();
  }
  const exits = [...system.servers, ...system.agents, ...system.zookeepers].flatMap(({ process }) => process.ownExits);
  exits.forEach(say);
  const wereKept = checkFolder(logs);
  return recovered && exits.length === 0 && wereKept;
}

const startSystem = ({ system, folder, say }: ScenarioOptions): Promise<System> =>
  system === 'dev' ? startDevSystem(folder) : startClusterSystem(folder, say);

function faultsOf(system: System, { seed, faults, kinds, say }: ScenarioOptions): Fault[] {
  const impossible: Partial<Record<FaultKind, string | undefined>> = {
    cut: system.network ? undefined : 'there are no network namespaces',
    clock: system.servers.some(({ clock }) => clock)
      ? undefined
      : 'no process has a clock of its own (is libfaketime installed?)',
    'slow disk': system.zookeepers.length > 0 ? slowDiskProblem() : 'there is no ZooKeeper',
  };
  const all: readonly FaultKind[] = ['kill', 'freeze', 'cut', 'clock', 'slow disk'];
  const wanted = all.filter((kind) => kinds.length === 0 || kinds.includes(kind));
  for (const kind of wanted) if (impossible[kind] !== undefined) say(`left out: ${kind}, because ${impossible[kind]}`);
  const possible = wanted.filter((kind) => impossible[kind] === undefined);
  return planFaults(seed, faults, { kinds: possible, victims: victimsOf(system) });
}

function victimsOf({ servers, zookeepers, agents }: System): Victim[] {
  return [
    'leader',
    ...(servers.length > 1 ? (['standby'] as const) : []),
    ...(zookeepers.length > 0 ? (['zookeeper', 'two zookeepers'] as const) : []),
    ...(agents.length > 0 ? (['agent'] as const) : []),
  ];
}
