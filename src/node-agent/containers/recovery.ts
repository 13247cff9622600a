// Takes over from a former agent process, which may have been killed at any instruction.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isWithin, mountsBelow, unmountBelow } from '../../isolators/mounts.ts';
import type { ContainerKey } from '../containerizer.ts';
import { readRecords } from './checkpoint.ts';
import type { Engine } from './engine.ts';
import { bootIdentity, processIdentity } from './identity.ts';
import type { Run, RunTable } from './run-table.ts';
import { destroyRun, runsOf } from './teardown.ts';

export interface Recovered {
  /** Their processes are the ones that the former agent started. */
  readonly running: readonly Run[];
  readonly podUids: readonly string[];
}

/** @param cgroupRoot all groups below it are this agent's */
export async function recoverRuns(engine: Engine, table: RunTable, cgroupRoot: string): Promise<Recovered> {
  const { layout } = engine;
  await mkdir(layout.pods, { recursive: true, mode: 0o711 });
  await forgetFormerBoot(engine);
  await engine.images.recover();
  const podUids = await readdir(layout.pods);
  for (const isolator of engine.isolators) await isolator.recover?.(podUids.map((uid) => layout.pod(uid)));
  const keys = (await Promise.all(podUids.map((uid) => runsOf(engine, uid)))).flat();
  const runs = (await Promise.all(keys.map((key) => recoverRun(engine, table, key)))).flat();
  await Promise.all([removeForeignGroups(engine, cgroupRoot, podUids), removeForeignMounts(engine, podUids)]);
  const alive = await Promise.all(runs.map(isSameProcess));
  return { running: runs.filter((_, index) => alive[index] === true), podUids };
}

/** After a restart of the machine the runtime's state speaks of processes that are no more. */
async function forgetFormerBoot({ layout, log }: Engine): Promise<void> {
  const boot = await bootIdentity();
  const former = await readFile(layout.bootIdFile, 'utf8').catch(() => undefined);
  if (former === boot) return;
  if (former !== undefined) log.info({ home: layout.home }, 'the machine was restarted: no container runs any more');
  await rm(layout.runtimeRoot, { recursive: true, force: true });
  await writeFile(layout.bootIdFile, boot);
}

async function recoverRun(engine: Engine, table: RunTable, key: ContainerKey): Promise<Run[]> {
  const place = engine.layout.container(key);
  const records = await readRecords(place.directory);
  const isWhole = records?.process.isStarting !== true || (await engine.launcher.hasStarted(place));
  if (records && isWhole) return [table.adopt(records.run, records.process)];
  engine.log.info({ ...key }, 'half-made container removed');
  await destroyRun(engine, key);
  return [];
}

async function isSameProcess(run: Run): Promise<boolean> {
  return run.isRunning && (await processIdentity(run.process.pid)) === run.process.identity;
}

async function removeForeignGroups(engine: Engine, cgroupRoot: string, podUids: readonly string[]): Promise<void> {
  const groups = (await engine.cgroups?.children(cgroupRoot)) ?? [];
  const foreign = groups.filter((name) => !podUids.includes(name));
  await Promise.all(foreign.map(async (name) => engine.cgroups?.destroy(join(cgroupRoot, name))));
}

async function removeForeignMounts({ layout, cgroups }: Engine, podUids: readonly string[]): Promise<void> {
  if (!cgroups) return;
  const own = podUids.map((uid) => layout.pod(uid).directory);
  const foreign = (await mountsBelow(layout.pods)).filter(
    (point) => !own.some((directory) => isWithin(point, directory)),
  );
  for (const point of foreign.reverse()) await unmountBelow(point);
}
