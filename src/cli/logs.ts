// `tepui logs`: of a pod, or of all pods behind a deployment, replica set or app, or with a label.
import type { Pod } from '../api/types.gen.ts';
import { StatusError } from '../api/status-error.ts';
import type { LogOptions } from '../client/handler-client.ts';
import { loadCatalog } from './catalog.ts';
import { parseDurationSeconds } from './duration.ts';
import { podsBehind } from './pods.ts';
import { parseSelection } from './selection.ts';
import type { Session } from './session.ts';

export interface LogsOptions {
  readonly container?: string;
  readonly allContainers?: boolean;
  readonly selector?: string;
  readonly follow?: boolean;
  readonly previous?: boolean;
  readonly timestamps?: boolean;
  /** -1: all. */
  readonly tail?: number;
  readonly since?: string;
  readonly sinceTime?: string;
  readonly prefix?: boolean;
}

interface Stream {
  readonly pod: Pod;
  readonly container: string;
}

const podsRef = { group: '', version: 'v1', plural: 'pods' };

/** Copies the logs; goes on after a refusal. Returns the number of logs that could not be read. */
export async function logs(session: Session, target: string | undefined, options: LogsOptions): Promise<number> {
  const wanted = logOptions(options);
  const pods = await podsOf(session, target, options.selector);
  const streams = pods.flatMap((pod) => containersOf(session, pod, options).map((container) => ({ pod, container })));
  const withPrefix = options.prefix === true || streams.length > 1;
  const withContainer = streams.length > pods.length;
  const copy = async (stream: Stream): Promise<number> => {
    const name = stream.pod.metadata.name ?? '';
    const title = withContainer ? `${name}/${stream.container}` : name;
    try {
      await copyLog(session, stream, wanted, withPrefix ? `[${title}] ` : '');
      return 0;
    } catch (error) {
      if (!(error instanceof StatusError) || streams.length === 1) throw error;
      session.complain(`error: ${title}: ${error.message}`);
      return 1;
    }
  };
  if (options.follow === true) return sum(await Promise.all(streams.map(copy)));
  let failed = 0;
  for (const stream of streams) failed += await copy(stream);
  return failed;
}

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

function logOptions({ follow, previous, timestamps, tail, since, sinceTime }: LogsOptions): LogOptions {
  return {
    ...(follow === undefined ? {} : { follow }),
    ...(previous === undefined ? {} : { previous }),
    ...(timestamps === undefined ? {} : { timestamps }),
    ...(tail === undefined || tail < 0 ? {} : { tailLines: tail }),
    ...(since === undefined ? {} : { sinceSeconds: parseDurationSeconds(since) }),
    ...(sinceTime === undefined ? {} : { sinceTime }),
  };
}

async function podsOf(
  session: Session,
  target: string | undefined,
  labelSelector: string | undefined,
): Promise<readonly Pod[]> {
  if ((target === undefined) === (labelSelector === undefined)) {
    throw new StatusError('BadRequest', 'say whose logs: either POD or TYPE/NAME, or --selector');
  }
  const { namespace } = session;
  if (target === undefined) {
    const list = await session.client.list<Pod>(podsRef, { namespace, labelSelector: labelSelector ?? '' });
    if (list.items.length === 0) session.complain(`No resources found in namespace ${namespace}.`);
    return list.items;
  }
  if (!target.includes('/')) return [await session.client.get<Pod>({ ...podsRef, namespace, name: target })];
  const [selection] = parseSelection([target], await loadCatalog(session));
  if (!selection) return [];
  const object = await session.client.get({ ...selection.resource, namespace, name: selection.names[0] ?? '' });
  if (object.kind === 'Pod') return [object as Pod];
  const pods = await podsBehind(session.client, object);
  if (pods.length === 0) throw new StatusError('NotFound', `${target} has no pods: ask tepui why ${target}`);
  return pods;
}

/** The asked one, all, or the first; which one that was is said when there are several. */
function containersOf(session: Session, pod: Pod, { container, allContainers }: LogsOptions): string[] {
  const known = containerNames(pod);
  if (container !== undefined) return [checkedName(container, pod, known)];
  if (allContainers === true) return known;
  const main = pod.spec?.containers ?? [];
  const chosen = defaultContainer(pod, known) ?? main[0]?.name ?? '';
  if (main.length > 1) {
    session.complain(`Container ${chosen} out of ${known.join(', ')}: choose with -c, or --all-containers`);
  }
  return [chosen];
}

const containerNames = ({ spec }: Pod): string[] =>
  [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].map(({ name }) => name);

function checkedName(container: string, { metadata }: Pod, known: readonly string[]): string {
  if (known.includes(container)) return container;
  const found = `pod ${metadata.name ?? ''} has the containers ${known.join(', ')}`;
  throw new StatusError('BadRequest', `there is no container "${container}": ${found}`);
}

function defaultContainer({ metadata }: Pod, known: readonly string[]): string | undefined {
  const named = metadata.annotations?.['kubectl.kubernetes.io/default-container'];
  return named !== undefined && known.includes(named) ? named : undefined;
}

async function copyLog(session: Session, stream: Stream, options: LogOptions, prefix: string): Promise<void> {
  const { name = '', namespace = '' } = stream.pod.metadata;
  const wanted = { ...options, container: stream.container };
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of session.client.readLog({ ...podsRef, namespace, name }, wanted, session.signal)) {
    if (prefix === '') {
      process.stdout.write(chunk);
      continue;
    }
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) session.print(prefix + line);
  }
  if (rest !== '') session.print(prefix + rest);
}
