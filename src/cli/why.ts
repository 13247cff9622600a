// `tepui why TYPE/NAME`: the reason, the evidence, the next step. For a workload: of its pods that are in trouble.
import type { ApiObject } from '../api/object.ts';
import type { Pod } from '../api/types.gen.ts';
import { StatusError } from '../api/status-error.ts';
import { loadCatalog } from './catalog.ts';
import { eventsAbout } from './events.ts';
import { explainPod, type Explanation } from './explain-pod.ts';
import { podsBehind } from './pods.ts';
import { parseSelection } from './selection.ts';
import type { Session } from './session.ts';
import { strong, warn } from './table.ts';

const shownPods = 5;

export async function why(session: Session, words: readonly string[]): Promise<void> {
  const [selection] = parseSelection(words, await loadCatalog(session));
  const name = selection?.names[0];
  if (!selection || name === undefined)
    throw new StatusError('BadRequest', 'name an object, such as: tepui why pod/web');
  const namespace = selection.resource.namespaced ? session.namespace : '';
  const object = await session.client.get({ ...selection.resource, namespace, name });
  if (object.kind === 'Pod') await explainOne(session, object as Pod);
  else await explainWorkload(session, object);
}

async function explainOne(session: Session, pod: Pod): Promise<void> {
  const explanation = explainPod(pod, await eventsAbout(session.client, pod));
  session.print(render(`pod/${pod.metadata.name ?? ''}`, explanation));
}

async function explainWorkload(session: Session, object: ApiObject): Promise<void> {
  for (const line of conditionLines(object)) session.print(line);
  const pods = await podsBehind(session.client, object);
  const troubled = pods.filter((pod) => !explainPod(pod, []).healthy);
  session.print(`${String(pods.length - troubled.length)} of ${String(pods.length)} pods are well.`);
  for (const pod of troubled.slice(0, shownPods)) {
    session.print('');
    await explainOne(session, pod);
  }
  if (troubled.length > shownPods) session.print(`\n… and ${String(troubled.length - shownPods)} more.`);
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

function conditionLines(object: ApiObject): string[] {
  const { conditions = [] } = (object['status'] ?? {}) as { conditions?: readonly Condition[] };
  return conditions.map(({ type, status, reason, message }) => `${type}=${status} ${reason ?? ''}: ${message ?? ''}`);
}

function render(title: string, { healthy, reason, evidence, nextSteps }: Explanation): string {
  const section = (heading: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [`${heading}:`, ...lines.map((line) => `  ${line}`)];
  return [
    `${strong(title)}  ${healthy ? reason : warn(reason)}`,
    ...section('Evidence', evidence),
    ...section('Next', nextSteps),
  ].join('\n');
}
