// `tepui why TYPE/NAME`: the reason, the evidence, the next step. For a workload: also of its pods that are in trouble.
import type { ApiObject } from '../api/object.ts';
import type { Node, Pod } from '../api/types.gen.ts';
import { StatusError } from '../api/status-error.ts';
import type { ObjectRef } from '../client/client.ts';
import { loadCatalog, type CatalogEntry } from './catalog.ts';
import { eventsAbout } from './events.ts';
import { explainNode } from './explain-node.ts';
import { explainPod, type Surroundings } from './explain-pod.ts';
import { explainWorkload, terminating } from './explain-workload.ts';
import { renderExplanation, type Explanation } from './explanation.ts';
import { podsBehind } from './pods.ts';
import { ownedBy } from './related.ts';
import { parseSelection } from './selection.ts';
import type { Session } from './session.ts';

const shownPods = 5;
const nodesRef = { group: '', version: 'v1', plural: 'nodes' };
const podsRef = { group: '', version: 'v1', plural: 'pods' };
const deploymentsRef = { group: 'apps', version: 'v1', plural: 'deployments' };

/** Throws StatusError BadRequest unless something is named. */
export async function why(session: Session, words: readonly string[]): Promise<number> {
  const targets = parseSelection(words, await loadCatalog(session)).flatMap(({ resource, names }) =>
    names.map((name) => ({ resource, name })),
  );
  if (targets.length === 0) throw new StatusError('BadRequest', 'name an object, such as: tepui why pod/web');
  for (const [index, { resource, name }] of targets.entries()) {
    if (index > 0) session.print('');
    const ref = { ...resource, namespace: resource.namespaced ? session.namespace : '', name };
    await explain(session, await session.client.get(ref), titleOf(resource, ref));
  }
  return 0;
}

const titleOf = ({ singular, plural }: CatalogEntry, { name }: ObjectRef) => `${singular || plural}/${name}`;

async function explain(session: Session, object: ApiObject, title: string): Promise<void> {
  if (object.kind === 'Pod') await explainOne(session, object as Pod, await surroundings(session));
  else if (object.kind === 'Node') session.print(renderExplanation(title, explainNode(object as Node)));
  else if (['App', 'Deployment', 'ReplicaSet'].includes(object.kind)) await explainWithPods(session, object, title);
  else session.print(renderExplanation(title, await explainAny(session, object)));
}

async function surroundings({ client }: Session): Promise<Surroundings> {
  const [nodes, pods] = await Promise.all([client.list<Node>(nodesRef), client.list<Pod>(podsRef)]);
  return { nodes: nodes.items, pods: pods.items };
}

async function explainOne(session: Session, pod: Pod, around: Surroundings): Promise<void> {
  const explanation = explainPod(pod, await eventsAbout(session.client, pod), around);
  session.print(renderExplanation(`pod/${pod.metadata.name ?? ''}`, explanation));
}

async function explainWithPods(session: Session, object: ApiObject, title: string): Promise<void> {
  const [pods, around] = await Promise.all([podsBehind(session.client, object), surroundings(session)]);
  const troubled = pods.filter((pod) => !explainPod(pod, [], around).healthy);
  session.print(
    renderExplanation(title, explainWorkload(title, await deciding(session, object), pods.length - troubled.length)),
  );
  for (const pod of troubled.slice(0, shownPods)) {
    session.print('');
    await explainOne(session, pod, around);
  }
  if (troubled.length > shownPods) session.print(`\n… and ${String(troubled.length - shownPods)} more.`);
}

/** An App's pods are the doing of its Deployment, which knows more: pauses and refusals. */
async function deciding(session: Session, object: ApiObject): Promise<ApiObject> {
  if (object.kind !== 'App' || object.metadata.deletionTimestamp !== undefined) return object;
  const [deployment] = await ownedBy(session.client, deploymentsRef, object);
  if (!deployment) return object;
  const own = conditionsOf(object).filter(({ type }) => type === 'Synced');
  const status = { ...(deployment['status'] as object), conditions: [...own, ...conditionsOf(deployment)] };
  return { ...deployment, status };
}

function conditionsOf(object: ApiObject): readonly { readonly type: string }[] {
  return (object['status'] as { conditions?: readonly { type: string }[] } | undefined)?.conditions ?? [];
}

/** Of other kinds we know their end, and what their events say. */
async function explainAny(session: Session, object: ApiObject): Promise<Explanation> {
  const events = await eventsAbout(session.client, object);
  const evidence = events.slice(-3).map(({ reason = '', message = '' }) => `event ${reason}: ${message}`);
  return (
    terminating(object) ?? {
      healthy: true,
      reason: 'It exists; nothing is known to be wrong.',
      evidence,
      nextSteps: [],
    }
  );
}
