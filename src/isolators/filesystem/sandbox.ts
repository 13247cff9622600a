// filesystem/sandbox: a writable directory of the container's own, its working directory unless it names another,
// and the file that it may leave its last words in.
import { chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Isolator } from '../isolator.ts';
import { bindMount } from '../spec-draft.ts';
import { setDefaultEnv } from '../process-env.ts';

/** Mesos' default `--sandbox_directory`. */
export const sandboxPath = '/mnt/mesos/sandbox';

const defaultTerminationPath = '/dev/termination-log';

/** Where the container's termination message lands on the host. */
export function terminationLog(directory: string): string {
  return join(directory, 'termination-log');
}

export function createSandboxIsolator(): Isolator {
  return {
    name: 'filesystem/sandbox',
    async prepare({ directory, container, image }, spec) {
      const sandbox = join(directory, 'sandbox');
      const { uid, gid } = spec.process.user;
      await Promise.all([
        mkdir(sandbox, { recursive: true, mode: 0o750 }).then(() => chown(sandbox, uid, gid)),
        writeFile(terminationLog(directory), '', { mode: 0o600 }).then(() =>
          chown(terminationLog(directory), uid, gid),
        ),
      ]);
      spec.mounts.push(
        bindMount(sandbox, sandboxPath, 'rw'),
        bindMount(terminationLog(directory), container.terminationMessagePath ?? defaultTerminationPath, 'rw'),
      );
      if (spec.process.cwd === '') spec.process.cwd = image ? '/' : sandboxPath;
      setDefaultEnv(spec.process.env, 'MESOS_SANDBOX', sandboxPath);
      if (!image) setDefaultEnv(spec.process.env, 'HOME', sandboxPath);
    },
  };
}
