// The inside of deployments, replica sets and apps: replicas, strategy, template, what belongs to them.
import type { ApiObject } from '../../api/object.ts';
import { formatLabelSelector, selectorOf } from '../../api/selectors.ts';
import type { App, Container, Deployment, Pod, ReplicaSet } from '../../api/types.gen.ts';
import { formatAge } from '../duration.ts';
import type { DescribeContext, Description } from './context.ts';
import { amounts, block, commandText, fields, none, table } from './text.ts';

const count = (number: number | undefined) => String(number ?? 0);

export function describeDeployment(object: ApiObject, context: DescribeContext): Description {
  const { spec, status } = object as Deployment;
  return {
    facts: [
      ['Selector', spec ? formatLabelSelector(selectorOf(spec.selector)) : none],
      ['Replicas', `${count(spec?.replicas ?? 1)} wanted, ${deploymentCounts(status)}`],
      ['Strategy', strategyText(spec?.strategy)],
      ['Paused', spec?.paused === true ? 'yes: changes do not roll out' : undefined],
    ],
    blocks: [templateBlock(spec?.template.spec?.containers), ...relatedTables(context)],
  };
}

function deploymentCounts(status: Deployment['status']): string {
  const { updatedReplicas, replicas, readyReplicas, availableReplicas, unavailableReplicas } = status ?? {};
  return [
    `${count(updatedReplicas)} up to date, ${count(replicas)} in all, ${count(readyReplicas)} ready`,
    `${count(availableReplicas)} available, ${count(unavailableReplicas)} unavailable`,
  ].join(', ');
}

function strategyText(strategy: NonNullable<Deployment['spec']>['strategy']): string {
  const { type = 'RollingUpdate', rollingUpdate } = strategy ?? {};
  if (type !== 'RollingUpdate') return type;
  const { maxUnavailable = '25%', maxSurge = '25%' } = rollingUpdate ?? {};
  return `${type}: at most ${String(maxUnavailable)} unavailable, ${String(maxSurge)} more`;
}

export function describeReplicaSet(object: ApiObject, context: DescribeContext): Description {
  const { spec, status } = object as ReplicaSet;
  return {
    facts: [
      ['Selector', spec ? formatLabelSelector(selectorOf(spec.selector)) : none],
      [
        'Replicas',
        `${count(spec?.replicas ?? 1)} wanted, ${count(status?.replicas)} there, ${count(status?.readyReplicas)} ready`,
      ],
    ],
    blocks: [templateBlock(spec?.template?.spec?.containers), ...relatedTables(context)],
  };
}

export function describeApp(object: ApiObject, context: DescribeContext): Description {
  const { spec, status } = object as App;
  const command = spec.command;
  return {
    facts: [
      ['Selector', status?.selector],
      ['Replicas', `${count(spec.replicas ?? 1)} wanted${stateCounts(status?.replicas)}`],
      ['Image', spec.image ?? 'none: it runs on the node’s own file system'],
      ['Command', typeof command === 'string' ? command : commandText(command)],
      ['Arguments', commandText(spec.args)],
      ['Requests', amounts(spec.resources?.requests)],
      ['Limits', amounts(spec.resources?.limits)],
    ],
    blocks: [...relatedTables(context)],
  };
}

/** `, 2 ready, 1 updated`, by whatever states the status counts. */
const stateCounts = (counts: object | undefined): string =>
  Object.entries(counts ?? {})
    .filter(([state]) => state !== 'desired')
    .map(([state, number]) => `, ${String(number)} ${state}`)
    .join('');

function templateBlock(containers: readonly Container[] = []): string {
  const texts = containers.map(({ name, image, command = [], args = [], resources }) =>
    block(
      name,
      fields([
        ['Image', image ?? 'none: it runs on the node’s own file system'],
        ['Command', commandText([...command, ...args])],
        ['Requests', amounts(resources?.requests)],
        ['Limits', amounts(resources?.limits)],
      ]),
    ),
  );
  return block('Pod template', texts.join('\n'));
}

/** Deployments, replica sets and pods that belong to the workload, one table a kind. */
function relatedTables({ related, nowMs }: DescribeContext): string[] {
  const age = ({ metadata }: ApiObject) => formatAge(nowMs - Date.parse(metadata.creationTimestamp ?? ''));
  const name = ({ metadata }: ApiObject) => metadata.name ?? '';
  const of = <T extends ApiObject>(kind: string) => related.filter((object): object is T => object.kind === kind);
  const sets = of<ReplicaSet>('ReplicaSet').map((set) => [
    name(set),
    set.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? '',
    count(set.spec?.replicas),
    count(set.status?.readyReplicas),
    age(set),
  ]);
  const pods = of<Pod>('Pod').map((pod) => [
    name(pod),
    pod.metadata.deletionTimestamp === undefined ? (pod.status?.phase ?? '') : 'Terminating',
    isReady(pod) ? 'yes' : 'no',
    pod.spec?.nodeName ?? none,
    age(pod),
  ]);
  return [
    ...of<Deployment>('Deployment').map((deployment) => fields([['Deployment', name(deployment)]])),
    ...(sets.length > 0 ? [table('Replica sets', ['NAME', 'REVISION', 'WANTED', 'READY', 'AGE'], sets)] : []),
    table('Pods', ['NAME', 'PHASE', 'READY', 'NODE', 'AGE'], pods),
  ];
}

const isReady = (pod: Pod) =>
  pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true;
