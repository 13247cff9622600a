// cgroups/pids: stops fork bombs. Processes and threads count alike.
import type { Isolator } from '../isolator.ts';
import type { Cgroups } from './hierarchy.ts';

/** @param limit processes and threads a container may have */
export function createPidsIsolator(cgroups: Cgroups, limit: number): Isolator {
  return {
    name: 'cgroups/pids',
    prepare(_, spec) {
      spec.linux.resources.pids = { limit };
    },
    async usage({ cgroup }) {
      const text = await cgroups.read('pids', cgroup, 'pids.current');
      return text === undefined ? {} : { processes: Number(text) };
    },
  };
}
