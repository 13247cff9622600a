// Runs the probes of running containers: startup first, then liveness and readiness, each on a timer of its own.
import type { Container, Probe } from '../../api/types.gen.ts';
import type { Clock, Timer } from '../../lib/clock.ts';
import type { ContainerKey, Containerizer } from '../containerizer.ts';
import { containersOf, initContainersOf, isSidecar, recordOf } from '../pod-record.ts';
import type { PodRecord } from '../pod-record.ts';
import { countAnswer, noAnswers, probeTiming, verdict } from './probe-count.ts';
import type { ProbeCount } from './probe-count.ts';
import { ask } from './probe-target.ts';

export type ProbeKind = 'startup' | 'liveness' | 'readiness';

export interface ProbeNews {
  readonly key: ContainerKey;
  readonly kind: ProbeKind;
  readonly probe: Probe;
  /** Undefined: below the thresholds, nothing is decided. */
  readonly verdict: boolean | undefined;
  /** Set when the last answer was a failure worth telling: the first in a row, the one that decides, or of another kind. */
  readonly failure: string | undefined;
}

export interface Prober {
  /** Makes what is being probed fit the pod: starts and stops workers. Cheap when nothing changed. */
  sync(record: PodRecord): void;
  /** Ends all probing of a pod. */
  forget(podUid: string): void;
}

interface Worker {
  stop(): void;
}

export function createProber(
  containerizer: Pick<Containerizer, 'exec'>,
  clock: Clock,
  podIp: string,
  onNews: (news: ProbeNews) => void,
): Prober {
  const pods = new Map<string, Map<string, Worker>>();

  const startWorker = (wanted: Wanted): Worker => {
    const { key, container, kind, probe } = wanted;
    const timing = probeTiming(probe);
    let count: ProbeCount = noAnswers;
    let timer: Timer | undefined;
    let stopped = false;
    let told = '';
    const round = async () => {
      const startedAtMs = clock.monotonicMs();
      const answer = await ask(containerizer, { key, container, podIp }, probe, timing.timeoutMs);
      if (stopped) return;
      count = countAnswer(count, answer.passed);
      const decided = verdict(probe, count);
      timer = clock.after(timing.periodMs - (clock.monotonicMs() - startedAtMs), () => void round());
      const decides = count.inARow === 1 || count.inARow === (probe.failureThreshold ?? 3);
      const tell = !answer.passed && (decides || answer.message !== told);
      if (tell) told = answer.message;
      onNews({ key, kind, probe, verdict: decided, failure: tell ? answer.message : undefined });
    };
    timer = clock.after(wanted.startedAtMs + timing.initialDelayMs - clock.now(), () => void round());
    return {
      stop() {
        stopped = true;
        timer?.cancel();
      },
    };
  };

  return {
    sync(record) {
      const uid = record.pod.metadata.uid ?? '';
      const wanted = wantedProbes(uid, record);
      const workers = pods.get(uid) ?? new Map<string, Worker>();
      for (const [name, worker] of workers) {
        if (wanted.has(name)) continue;
        worker.stop();
        workers.delete(name);
      }
      for (const [name, entry] of wanted) if (!workers.has(name)) workers.set(name, startWorker(entry));
      if (workers.size > 0) pods.set(uid, workers);
      else pods.delete(uid);
    },
    forget(podUid) {
      for (const worker of pods.get(podUid)?.values() ?? []) worker.stop();
      pods.delete(podUid);
    },
  };
}

interface Wanted {
  readonly key: ContainerKey;
  readonly container: Container;
  readonly kind: ProbeKind;
  readonly probe: Probe;
  readonly startedAtMs: number;
}

function wantedProbes(podUid: string, record: PodRecord): Map<string, Wanted> {
  const wanted = new Map<string, Wanted>();
  const probed = [...initContainersOf(record.pod).filter(isSidecar), ...containersOf(record.pod)];
  for (const container of probed) {
    const known = recordOf(record, container.name);
    if (!known.running || known.stop || known.unhealthy || known.postStart === 'running') continue;
    const key = { podUid, container: container.name, attempt: known.attempt };
    const { startedAtMs } = known.running;
    for (const [kind, probe] of activeProbes(record, container, known.started)) {
      wanted.set(`${container.name}/${known.attempt}/${kind}`, { key, container, kind, probe, startedAtMs });
    }
  }
  return wanted;
}

/** Until the startup probe has passed, the others wait. An ending pod is not restarted, but may become unready. */
function activeProbes(record: PodRecord, container: Container, started: boolean): [ProbeKind, Probe][] {
  const { startupProbe, livenessProbe, readinessProbe } = container;
  const probes: [ProbeKind, Probe | undefined][] = started
    ? [
        ['liveness', record.ending ? undefined : livenessProbe],
        ['readiness', readinessProbe],
      ]
    : [['startup', record.ending ? undefined : startupProbe]];
  return probes.filter((entry): entry is [ProbeKind, Probe] => entry[1] !== undefined);
}
