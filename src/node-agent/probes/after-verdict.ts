// What a probe's verdict changes in what is known of a container. Pure.
import * as records from '../pod-record.ts';
import type { PodRecord } from '../pod-record.ts';
import type { ProbeNews } from './prober.ts';

/** Readiness follows the probe; a failed liveness or startup probe condemns the run; a passed startup probe starts it. */
export function afterVerdict(record: PodRecord, name: string, news: ProbeNews, passed: boolean): PodRecord {
  const known = records.recordOf(record, name);
  if (news.kind === 'readiness') {
    return known.ready === passed ? record : records.withContainer(record, name, { ready: passed });
  }
  if (!passed) {
    const seconds = news.probe.terminationGracePeriodSeconds;
    const graceMs = seconds === undefined ? undefined : seconds * 1000;
    const message = `failed its ${news.kind} probe and will be restarted`;
    return records.withContainer(record, name, { unhealthy: { message, graceMs } });
  }
  if (news.kind === 'liveness' || known.started) return record;
  const definition = records.containersOf(record.pod).find((container) => container.name === name);
  return records.withContainer(record, name, { started: true, ready: definition?.readinessProbe === undefined });
}
