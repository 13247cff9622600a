// POST pods/NAME/binding: puts a pod on a node. One transaction re-checks that it is unbound and that it fits (D8).
import type { ApiObject } from '../../api/object.ts';
import { podFitsNode } from '../../api/placement.ts';
import type { ApiResponse } from '../../api/request.ts';
import { StatusError, conflict, notFound } from '../../api/status-error.ts';
import type { Node, Pod } from '../../api/types.gen.ts';
import { readBody } from '../body.ts';
import { decodeObject } from '../decode-object.ts';
import { recordAt, textAt, withSpec } from '../json-path.ts';
import { respondSuccess } from '../respond.ts';
import { requireStored } from '../server-parts.ts';
import type { Call } from '../server-parts.ts';
import type { WriteContext } from '../strategy.ts';
import { putObject, runTransaction } from '../transaction.ts';
import { createWriteContext } from '../write-context.ts';
import { readWriteOptions } from '../write-options.ts';

/** 201 when bound; 409 with the reason when the pod is bound already, is going away, or does not fit (any more). */
export async function bind(call: Call): Promise<ApiResponse> {
  const options = readWriteOptions(call.request, 'CreateOptions');
  const body = readBody(call.request, call.parts.deps.decodeProtobuf);
  const binding = decodeObject(body.value, { group: '', version: 'v1', kind: 'Binding' });
  const nodeName = targetOf(binding);
  await runTransaction(call.parts.deps.store, options.dryRun, (draft) =>
    bindPod(call, createWriteContext(call, draft, options.dryRun), binding, nodeName),
  );
  return respondSuccess(201);
}

function targetOf(binding: ApiObject): string {
  const target = recordAt(binding, 'target');
  const kind = textAt(target, 'kind') || 'Node';
  const name = textAt(target, 'name');
  if (kind === 'Node' && name !== '') return name;
  throw new StatusError('BadRequest', `target: expected a Node by name, found ${kind} "${name}"`);
}

function bindPod(call: Call, context: WriteContext, binding: ApiObject, nodeName: string): void {
  const { resource, name } = call.info;
  const stored = requireStored(context.draft, call.info);
  const object = stored.object();
  const { uid } = binding.metadata;
  const refuse = (text: string) => conflict(resource.definition, name, text);
  if (uid !== undefined && uid !== '' && uid !== stored.uid) {
    throw refuse(`Precondition failed: UID in precondition: ${uid}, UID in object meta: ${stored.uid}`);
  }
  const bound = textAt(object, 'spec', 'nodeName');
  if (bound !== '') throw refuse(`pod ${name} is already assigned to node "${bound}"`);
  if (object.metadata.deletionTimestamp !== undefined) {
    throw refuse(`pod ${name} is being deleted, cannot be assigned to a host`);
  }
  const node = context.draft.get({ resource: 'nodes', namespace: '', name: nodeName });
  if (node === undefined) throw notFound({ group: '', plural: 'nodes' }, nodeName);
  const onNode = context.draft
    .list({ resource: 'pods', fields: { 'spec.nodeName': nodeName } })
    .map((other) => other.object() as unknown as Pod);
  const fit = podFitsNode(object as unknown as Pod, node.object() as unknown as Node, onNode);
  if (!fit.fits) throw refuse(`pod ${name} does not fit on node "${nodeName}": ${fit.reason}`);
  putObject(context, stored.key, boundPod(object, binding, nodeName, context.time), object);
}

/** The pod on its node, the condition PodScheduled true, with the annotations and labels of the binding. */
function boundPod(pod: ApiObject, binding: ApiObject, nodeName: string, time: string): ApiObject {
  const { annotations, labels } = binding.metadata;
  const status = recordAt(pod, 'status');
  const conditions = (Array.isArray(status['conditions']) ? (status['conditions'] as unknown[]) : []).filter(
    (condition) => textAt(condition, 'type') !== 'PodScheduled',
  );
  const scheduled = { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: time };
  const metadata = {
    ...pod.metadata,
    ...(annotations === undefined ? {} : { annotations: { ...pod.metadata.annotations, ...annotations } }),
    ...(labels === undefined ? {} : { labels: { ...pod.metadata.labels, ...labels } }),
  };
  return withSpec({ ...pod, metadata, status: { ...status, conditions: [...conditions, scheduled] } }, { nodeName });
}
