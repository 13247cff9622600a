// namespaces/ipc: System V IPC, POSIX queues and /dev/shm, shared within the pod.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { holdNamespace, mountMemory } from '../mounts.ts';
import { bindMount, memoryMount } from '../spec-draft.ts';
import type { Isolator, PodPlace } from '../isolator.ts';
import { namespaceFile, sharesNamespaces } from './shared.ts';

const sharedMemoryBytes = 64 * 2 ** 20;

export function createIpcNamespaceIsolator(): Isolator {
  return {
    name: 'namespaces/ipc',
    async preparePod(pod) {
      if (pod.pod.spec?.hostIPC === true || !sharesNamespaces(pod.pod)) return;
      const directory = sharedMemory(pod);
      await mkdir(directory, { recursive: true });
      await Promise.all([
        holdNamespace('ipc', namespaceFile(pod, 'ipc')),
        mountMemory(directory, `mode=1777,size=${sharedMemoryBytes}`),
      ]);
    },
    prepare({ pod }, spec) {
      if (pod.pod.spec?.hostIPC === true) {
        spec.mounts.push(bindMount('/dev/shm', '/dev/shm', 'rw'));
        return;
      }
      if (sharesNamespaces(pod.pod)) {
        spec.linux.namespaces.push({ type: 'ipc', path: namespaceFile(pod, 'ipc') });
        spec.mounts.push(bindMount(sharedMemory(pod), '/dev/shm', 'rw'));
        return;
      }
      spec.linux.namespaces.push({ type: 'ipc' });
      spec.mounts.push(memoryMount('/dev/shm', ['noexec', 'mode=1777', `size=${sharedMemoryBytes}`]));
    },
  };
}

function sharedMemory(pod: PodPlace): string {
  return join(pod.directory, 'shm');
}
