// The runtime spec that every container begins with, before the isolators fill it. Pure.
import type { OciMount, OciSpec } from './oci-spec.ts';

const kernelMounts: readonly OciMount[] = [
  { destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid', 'noexec', 'nodev'] },
  { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'strictatime', 'mode=755', 'size=64k'] },
  {
    destination: '/dev/pts',
    type: 'devpts',
    source: 'devpts',
    options: ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', 'gid=5'],
  },
  { destination: '/dev/mqueue', type: 'mqueue', source: 'mqueue', options: ['nosuid', 'noexec', 'nodev'] },
  { destination: '/sys', type: 'sysfs', source: 'sysfs', options: ['nosuid', 'noexec', 'nodev', 'ro'] },
];

/** What containers must not read of the kernel: the list that container engines agree on. */
const maskedKernelPaths = [
  '/proc/acpi',
  '/proc/asound',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/sys/firmware',
  '/sys/devices/virtual/powercap',
];

const readonlyKernelPaths = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'];

/** A container that may do nothing yet: no capability, no mount but the kernel's, the host's network. */
export function draftSpec(cgroup: string): OciSpec {
  return {
    ociVersion: '1.0.2',
    process: {
      user: { uid: 0, gid: 0 },
      args: [],
      env: [],
      cwd: '/',
      capabilities: { bounding: [], effective: [], permitted: [] },
    },
    root: { path: 'rootfs', readonly: false },
    mounts: [...kernelMounts],
    linux: {
      cgroupsPath: cgroup,
      namespaces: [{ type: 'mount' }],
      resources: { devices: [{ allow: false, access: 'rwm' }] },
      maskedPaths: [...maskedKernelPaths],
      readonlyPaths: [...readonlyKernelPaths],
    },
  };
}

/** One mount a destination, the last one given; parents before what lies in them. */
export function orderMounts(mounts: readonly OciMount[]): OciMount[] {
  const byDestination = new Map(mounts.map((mount) => [mount.destination, mount]));
  return [...byDestination.values()].sort((a, b) => depth(a.destination) - depth(b.destination));
}

function depth(path: string): number {
  return path.split('/').filter((part) => part !== '').length;
}

export function bindMount(source: string, destination: string, access: 'ro' | 'rw'): OciMount {
  return { destination, type: 'bind', source, options: ['rbind', 'rprivate', 'nosuid', 'nodev', access] };
}

/** @param options such as `size=64m` */
export function memoryMount(destination: string, options: readonly string[]): OciMount {
  return { destination, type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'nodev', ...options] };
}
