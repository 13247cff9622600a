// filesystem/posix: a working directory and nothing else; refuses what needs mounts, images or other users.
import { mkdir, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { SecurityContext } from '../../api/types.gen.ts';
import { configError } from '../isolation-error.ts';
import type { ContainerContext, Isolator } from '../isolator.ts';
import { setDefaultEnv } from '../process-env.ts';
import { terminationLog } from './sandbox.ts';

export function createPosixFilesystemIsolator(): Isolator {
  return {
    name: 'filesystem/posix',
    async preparePod(pod) {
      await mkdir(pod.privateDirectory, { recursive: true, mode: 0o700 });
    },
    async prepare(context, spec) {
      refuseWhatNeedsIsolation(context);
      const sandbox = join(context.directory, 'sandbox');
      await mkdir(sandbox, { recursive: true, mode: 0o700 });
      await writeFile(terminationLog(context.directory), '', { mode: 0o600 });
      if (spec.process.cwd === '') spec.process.cwd = sandbox;
      setDefaultEnv(spec.process.env, 'MESOS_SANDBOX', sandbox);
      setDefaultEnv(spec.process.env, 'HOME', sandbox);
    },
  };
}

const remedy = 'this agent runs without isolation; run it as root on Linux with conmon and runc installed';

function refuseWhatNeedsIsolation({ pod, container, image }: ContainerContext): void {
  const path = `containers[${container.name}]`;
  if (image) throw configError(`${path}.image: images need a root file system of their own; ${remedy}`);
  if ((container.volumeMounts ?? []).length > 0)
    throw configError(`${path}.volumeMounts: volumes need mounts; ${remedy}`);
  refuseOtherUser({ ...pod.pod.spec?.securityContext, ...container.securityContext }, `${path}.securityContext`);
}

function refuseOtherUser(context: SecurityContext, path: string): void {
  const { uid } = userInfo();
  if ((context.runAsUser ?? uid) !== uid) {
    throw configError(`${path}.runAsUser: expected ${uid}, the agent's, found ${context.runAsUser ?? ''}; ${remedy}`);
  }
  if (context.runAsNonRoot === true && uid === 0) {
    throw configError(`${path}.runAsNonRoot: the agent runs as root and so would the container; ${remedy}`);
  }
}
