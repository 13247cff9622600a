// The holder of a pod's pid namespace: process 1 of a pod with shareProcessNamespace.
import type { Container, Pod } from '../../api/types.gen.ts';
import type { References } from '../containerizer.ts';
import type { Engine } from './engine.ts';
import { launchContainer } from './launch.ts';
import { holderName } from './layout.ts';
import type { RunTable } from './run-table.ts';

/** With shareProcessNamespace something must be process 1 whatever container ends: it sleeps, and orphans are reaped. */
export async function ensureHolder(
  engine: Engine,
  table: RunTable,
  podUid: string,
  pod: Pod,
  references: References,
): Promise<void> {
  if (pod.spec?.shareProcessNamespace !== true) return;
  const key = { podUid, container: holderName, attempt: 0 };
  const known = table.get(key);
  if (known?.isRunning === true) return;
  const container: Container = {
    name: holderName,
    // Ignoring SIGCHLD makes the kernel reap the children that process 1 inherits.
    command: ['/bin/sh', '-c', "trap '' CHLD; exec sleep infinity"],
    resources: { limits: { memory: '32Mi' } },
    securityContext: {
      runAsUser: 0,
      runAsNonRoot: false,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
    },
  };
  const { run, process } = await launchContainer(engine, { key, pod, container, references }, undefined);
  table.adopt(run, process);
}
