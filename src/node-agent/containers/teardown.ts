// The end of runs and pods: isolators clean up in reverse, then every trace goes.
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContainerPlace, PodPlace } from '../../isolators/isolator.ts';
import { unmountBelow } from '../../isolators/mounts.ts';
import type { ContainerKey } from '../containerizer.ts';
import type { Engine } from './engine.ts';
import { parseRunName } from './layout.ts';

/** Removes a run in whatever state it is; its log stays. Idempotent. */
export async function destroyRun(engine: Engine, key: ContainerKey): Promise<void> {
  await engine.launcher.destroy(engine.layout.container(key));
  await removeTraces(engine, key);
}

/** What is left of a run once its launcher has destroyed it. */
export async function removeTraces(engine: Engine, key: ContainerKey): Promise<void> {
  const place = engine.layout.container(key);
  await engine.cgroups?.destroy(place.cgroup);
  await cleanUp(engine, place);
  if (engine.cgroups) await unmountBelow(place.directory);
  await rm(engine.layout.spec(key), { force: true });
  await rm(place.directory, { recursive: true, force: true });
}

async function cleanUp(engine: Engine, place: ContainerPlace): Promise<void> {
  for (const isolator of engine.isolators.toReversed()) await isolator.cleanup?.(place);
}

/** Removes what is left of a pod whose runs are gone. Idempotent. */
export async function removePod(engine: Engine, pod: PodPlace): Promise<void> {
  for (const isolator of engine.isolators.toReversed()) await isolator.cleanupPod?.(pod);
  await engine.cgroups?.destroy(pod.cgroup);
  if (engine.cgroups) await unmountBelow(pod.directory);
  await rm(pod.directory, { recursive: true, force: true });
}

/** Runs that have left a directory, in no order. */
export async function runsOf(engine: Engine, uid: string): Promise<ContainerKey[]> {
  const names = await readdir(join(engine.layout.pod(uid).directory, 'containers')).catch(() => []);
  return names.flatMap((name) => parseRunName(uid, name) ?? []);
}

/** Keeps the log of the attempt before `key`, for `logs --previous`, and none older. */
export async function pruneLogs(engine: Engine, key: ContainerKey): Promise<void> {
  const directory = engine.layout.logs(key);
  await mkdir(directory, { recursive: true });
  const old = (await readdir(directory)).filter((name) => Number.parseInt(name, 10) < key.attempt - 1);
  await Promise.all(old.map((name) => rm(join(directory, name), { force: true })));
}
