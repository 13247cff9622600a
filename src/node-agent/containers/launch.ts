// One launch: prepare → create paused → isolate → start. Each step is written down before the next depends on it.
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Container } from '../../api/types.gen.ts';
import { IsolationError } from '../../isolators/isolation-error.ts';
import type { ContainerContext, PodContext } from '../../isolators/isolator.ts';
import type { OciSpec } from '../../isolators/oci-spec.ts';
import { draftSpec, orderMounts } from '../../isolators/spec-draft.ts';
import { LaunchError, type ContainerLaunch } from '../containerizer.ts';
import type { UnpackedImage } from '../images/image-store.ts';
import { writeProcessRecord, writeRunRecord, type ProcessRecord, type RunRecord } from './checkpoint.ts';
import type { Engine } from './engine.ts';
import { processIdentity } from './identity.ts';
import { planProcess } from './process.ts';
import { destroyRun, pruneLogs } from './teardown.ts';

export interface Launched {
  readonly run: RunRecord;
  readonly process: ProcessRecord;
}

/** Rejects leaving nothing. @param pidNamespaceHolder host pid, where the pod shares its processes */
export async function launchContainer(
  engine: Engine,
  launch: ContainerLaunch,
  pidNamespaceHolder: number | undefined,
): Promise<Launched> {
  const releases: (() => Promise<void>)[] = [];
  try {
    return await launchSteps(engine, launch, pidNamespaceHolder, releases);
  } catch (error) {
    await destroyRun(engine, launch.key).catch((problem: unknown) =>
      engine.log.error({ ...launch.key, error: String(problem) }, 'failed launch not cleaned up'),
    );
    throw error;
  } finally {
    for (const release of releases) await release();
  }
}

async function launchSteps(
  engine: Engine,
  launch: ContainerLaunch,
  pidNamespaceHolder: number | undefined,
  releases: (() => Promise<void>)[],
): Promise<Launched> {
  const { key, pod, container, references } = launch;
  const { layout, launcher } = engine;
  const place = layout.container(key);
  await destroyLeftover(engine, launch);
  const image = await resolveImage(engine, container);
  const podContext: PodContext = { ...place.pod, pod, references };
  const context: ContainerContext = {
    ...place,
    pod: podContext,
    container,
    image: image && { directory: image.directory, user: image.config.user },
    pidNamespaceHolder,
    releases,
  };
  const run = recordOf(launch, image);
  await Promise.all([writeRunRecord(place.directory, run), pruneLogs(engine, key)]);
  await writeSpec(engine, launch, await prepareSpec(engine, context, image));

  const { overlay } = context;
  const streams = { terminal: container.tty === true, stdin: container.stdin === true };
  const pid = await launcher.create({ ...place, logPath: layout.log(key), ...streams, overlay });
  for (const isolator of engine.isolators) await isolator.isolate?.(context, pid);
  const identity = (await processIdentity(pid)) ?? '';
  await writeProcessRecord(place.directory, { pid, identity, startedAtMs: engine.clock.now(), isStarting: true });
  await launcher.start(place);
  const process = { pid, identity, startedAtMs: engine.clock.now() };
  await writeProcessRecord(place.directory, process);
  return { run, process };
}

/** An interrupted launch of the same key: its directory says so. */
async function destroyLeftover(engine: Engine, { key }: ContainerLaunch): Promise<void> {
  const { directory } = engine.layout.container(key);
  const made = await mkdir(directory, { recursive: true, mode: 0o711 });
  if (made !== undefined) return;
  await destroyRun(engine, key);
  await mkdir(directory, { recursive: true, mode: 0o711 });
}

async function resolveImage(engine: Engine, container: Container): Promise<UnpackedImage | undefined> {
  const { image, imagePullPolicy } = container;
  if (image === undefined || image === '') return undefined;
  if (engine.launcher.name === 'posix') {
    throw new LaunchError(
      'CreateContainerError',
      `image ${JSON.stringify(image)}: this agent runs without isolation and cannot give a container a root file system; run it as root on Linux with conmon and runc installed`,
    );
  }
  return engine.images.resolve(image, imagePullPolicy);
}

function recordOf({ key, container }: ContainerLaunch, image: UnpackedImage | undefined): RunRecord {
  return {
    key,
    imageId: image?.id ?? '',
    stopSignal: normalizeSignal(image?.config.stopSignal),
    messageFromLog: container.terminationMessagePolicy === 'FallbackToLogsOnError',
  };
}

/** `TERM` and `SIGTERM` name the same; numbers and nothing fall back to SIGTERM. */
function normalizeSignal(name: string | undefined): string {
  const plain = (name ?? '').toUpperCase().replace(/^SIG/, '');
  return /^[A-Z]+[A-Z0-9]*$/.test(plain) ? `SIG${plain}` : 'SIGTERM';
}

async function prepareSpec(
  engine: Engine,
  context: ContainerContext,
  image: UnpackedImage | undefined,
): Promise<OciSpec> {
  const { container, pod } = context;
  const spec = draftSpec(context.cgroup);
  const plan = planProcess({ pod: pod.pod, container, references: pod.references, node: engine.node() }, image?.config);
  Object.assign(spec.process, plan, { terminal: container.tty === true });
  for (const isolator of engine.isolators) await isolator.prepare?.(context, spec);
  spec.mounts = orderMounts(spec.mounts);
  return spec;
}

async function writeSpec(engine: Engine, { key }: ContainerLaunch, spec: OciSpec): Promise<void> {
  const path = engine.layout.spec(key);
  await writeFile(path, JSON.stringify(spec), { mode: 0o600 });
  await symlink(path, join(engine.layout.container(key).directory, 'config.json'));
}

/** The reason of an isolator's refusal is kept; anything else is a CreateContainerError. */
export function asLaunchError(error: unknown): LaunchError {
  if (error instanceof LaunchError) return error;
  if (error instanceof IsolationError) return new LaunchError(error.reason, error.message, { cause: error });
  const message = error instanceof Error ? error.message : String(error);
  return new LaunchError('CreateContainerError', message, { cause: error });
}
