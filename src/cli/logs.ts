// `tepui logs`: of a pod, or of all pods behind a deployment, replica set or app.
import type { Deployment, Pod } from '../api/types.gen.ts';
import { StatusError } from '../api/status-error.ts';
import type { LogOptions } from '../client/handler-client.ts';
import { loadCatalog } from './catalog.ts';
import { podsBehind } from './pods.ts';
import type { Session } from './session.ts';

export type LogsOptions = LogOptions & { readonly since?: string; readonly prefix?: boolean };

/** `90s`, `5m`, `2h`, `1h30m` → seconds. Throws StatusError BadRequest. */
export function parseDurationSeconds(text: string): number {
  const parts = [...text.matchAll(/(\d+)(s|m|h|d)/g)];
  if (parts.length === 0 || parts.map((part) => part[0]).join('') !== text) {
    throw new StatusError('BadRequest', `"${text}" is not a duration: expected something like 90s, 5m or 1h30m`);
  }
  const seconds = { s: 1, m: 60, h: 3600, d: 86_400 };
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * seconds[unit as keyof typeof seconds], 0);
}

export async function logs(session: Session, target: string, options: LogsOptions): Promise<void> {
  const { since, prefix, ...rest } = options;
  const wanted: LogOptions = since === undefined ? rest : { ...rest, sinceSeconds: parseDurationSeconds(since) };
  const pods = await podsOf(session, target);
  const lines = prefix === true || pods.length > 1;
  await Promise.all(pods.map((pod) => copyLog(session, pod, wanted, lines)));
}

async function podsOf(session: Session, target: string): Promise<readonly Pod[]> {
  const catalog = await loadCatalog(session);
  const [type, name] = target.includes('/') ? target.split('/', 2) : ['pods', target];
  const [resource] = catalog.resolve(type ?? '');
  if (!resource) return [];
  const object = await session.client.get<Pod | Deployment>({
    ...resource,
    namespace: session.namespace,
    name: name ?? '',
  });
  if (object.kind === 'Pod') return [object];
  const pods = await podsBehind(session.client, object);
  if (pods.length === 0) throw new StatusError('NotFound', `${target} has no pods yet: try tepui why ${target}`);
  return pods;
}

async function copyLog(session: Session, pod: Pod, options: LogOptions, withPrefix: boolean): Promise<void> {
  const name = pod.metadata.name ?? '';
  const ref = { group: '', version: 'v1', plural: 'pods', namespace: pod.metadata.namespace ?? '', name };
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of session.client.readLog(ref, options, session.signal)) {
    if (!withPrefix) {
      process.stdout.write(chunk);
      continue;
    }
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) session.print(`[${name}] ${line}`);
  }
  if (rest !== '') session.print(`[${name}] ${rest}`);
}
