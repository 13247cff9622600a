// The runs that this agent watches, from their start or their adoption to their removal.
import { isMonitorAlive, monitorEnd } from '../launchers/alive.ts';
import type { ContainerExit, ContainerKey, RunningContainer } from '../containerizer.ts';
import type { ContainerPlace, Limitation } from '../../isolators/isolator.ts';
import type { ProcessRecord, RunRecord } from './checkpoint.ts';
import type { Engine } from './engine.ts';
import { describeEnd, readLastWords } from './exit-report.ts';
import { processIdentity } from './identity.ts';
import { holderName } from './layout.ts';
import { rotateWhenFull } from './log-rotation.ts';

export interface Run {
  readonly place: ContainerPlace;
  readonly run: RunRecord;
  readonly process: ProcessRecord;
  /** Resolves once the exit has been reported. */
  readonly ended: Promise<void>;
  readonly isRunning: boolean;
}

export interface RunTable {
  get(key: ContainerKey): Run | undefined;
  /** Watches a run; its exit is reported once, later, even if it has ended already. */
  adopt(run: RunRecord, process: ProcessRecord): Run;
  forget(key: ContainerKey): void;
  onExit(listener: (exit: ContainerExit) => void): void;
  /** Exits wait until this is called: a listener must know the runs first. */
  openGate(): void;
}

export function createRunTable(engine: Engine): RunTable {
  const { layout, clock, log } = engine;
  const runs = new Map<string, Run>();
  let openGate: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (openGate = resolve));
  let listener: (exit: ContainerExit) => void = () => undefined;

  const finish = async (place: ContainerPlace, run: RunRecord, process: ProcessRecord) => {
    const exit = await engine.launcher.readExit(place);
    const limitation = await reachedLimit(engine, place);
    await killRest(engine, place, exit ? undefined : process);
    const lastWords = await readLastWords(place.directory, layout.log(run.key), run, exit?.exitCode !== 0);
    await gate;
    if (run.key.container === holderName) return;
    listener(describeEnd({ run, process, exit, limitation, lastWords, nowMs: clock.now() }));
  };

  return {
    get: (key) => runs.get(layout.container(key).id),
    forget: (key) => void runs.delete(layout.container(key).id),
    onExit: (callback) => void (listener = callback),
    openGate: () => openGate(),
    adopt(run, process) {
      const place = layout.container(run.key);
      const state = { isRunning: isMonitorAlive(place.directory) };
      const reopen = () => engine.launcher.reopenLog(place);
      const stopRotation = rotateWhenFull(layout.log(run.key), engine.logLimits, reopen, clock, log);
      const monitor = monitorEnd(place.directory);
      const ended = monitor
        .then(() => {
          state.isRunning = false;
          stopRotation();
          return finish(place, run, process);
        })
        .catch((error: unknown) => log.error({ id: place.id, error: String(error) }, 'exit not reported'));
      const entry = {
        place,
        run,
        process,
        ended,
        get isRunning() {
          return state.isRunning;
        },
      };
      runs.set(place.id, entry);
      return entry;
    },
  };
}

async function reachedLimit(engine: Engine, place: ContainerPlace): Promise<Limitation | undefined> {
  for (const isolator of engine.isolators) {
    const found = await isolator.limitation?.(place);
    if (found) return found;
  }
  return undefined;
}

/** Children in a shared pid namespace outlive their parent; so does all of a container whose monitor was killed. */
async function killRest(engine: Engine, place: ContainerPlace, orphan: ProcessRecord | undefined): Promise<void> {
  await engine.cgroups?.kill(place.cgroup);
  if (engine.cgroups || !orphan || (await processIdentity(orphan.pid)) !== orphan.identity) return;
  process.kill(-orphan.pid, 'SIGKILL');
}

export function describeRun({ place, run, process }: Run): RunningContainer {
  return {
    key: run.key,
    pid: process.pid,
    startedAtMs: process.startedAtMs,
    containerId: `tepui://${place.id}`,
    imageId: run.imageId,
  };
}
