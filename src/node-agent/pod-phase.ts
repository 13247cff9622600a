// Where a pod is in its life: initialised, finished, and how. Pure; plan.ts and pod-status.ts both read it.
import { containersOf, initContainersOf, isSidecar, recordOf, restartPolicyOf } from './pod-record.ts';
import type { ContainerRecord, PodRecord } from './pod-record.ts';

export type Phase = 'Pending' | 'Running' | 'Succeeded' | 'Failed';

/** All init containers have done their part: ended well, or, sidecars, started. Stays true once a main container ran. */
export function isInitialized(record: PodRecord): boolean {
  if (containersOf(record.pod).some((container) => recordOf(record, container.name).attempt >= 0)) return true;
  return initContainersOf(record.pod).every((container) => {
    const known = recordOf(record, container.name);
    return isSidecar(container) ? known.running !== undefined && known.started : known.exit?.exitCode === 0;
  });
}

/** The phase by the containers alone. Final phases stay: the server's word for one is believed. */
export function phaseOf(record: PodRecord): Phase {
  for (const told of [record.pod.status?.phase, record.reported?.phase]) {
    if (told === 'Succeeded' || told === 'Failed') return told;
  }
  if (record.failure) return 'Failed';
  if (hasFailedToInitialize(record)) return 'Failed';
  if (!isInitialized(record)) return 'Pending';
  const main = containersOf(record.pod).map((container) => ({
    known: recordOf(record, container.name),
    runsAgain: record.ending === undefined && mayRunAgain(record, container.name),
  }));
  if (main.every(({ known, runsAgain }) => known.exit !== undefined && !runsAgain)) {
    return main.every(({ known }) => known.exit?.exitCode === 0) ? 'Succeeded' : 'Failed';
  }
  return main.some(({ known }) => hasRun(known)) ? 'Running' : 'Pending';
}

/** True when the pod will never run anything again, whatever happens. */
export function isFinished(record: PodRecord): boolean {
  const phase = phaseOf(record);
  return phase === 'Succeeded' || phase === 'Failed';
}

function hasRun(container: ContainerRecord): boolean {
  return container.running !== undefined || container.exit !== undefined || container.previousExit !== undefined;
}

function mayRunAgain(record: PodRecord, name: string): boolean {
  const container = containersOf(record.pod).find((candidate) => candidate.name === name);
  const { exit, replacing } = recordOf(record, name);
  if (!container || !exit || replacing) return true;
  const policy = restartPolicyOf(record.pod, container, false);
  return policy === 'Always' || (policy === 'OnFailure' && exit.exitCode !== 0);
}

function hasFailedToInitialize(record: PodRecord): boolean {
  return initContainersOf(record.pod).some((container) => {
    const exit = recordOf(record, container.name).exit;
    return exit !== undefined && exit.exitCode !== 0 && restartPolicyOf(record.pod, container, true) === 'Never';
  });
}
