// `tepui delete`: what manifests or arguments name; says what is gone, and what it waits for.
import { StatusError } from '../api/status-error.ts';
import type { ApiObject } from '../api/object.ts';
import type { ObjectRef } from '../client/client.ts';
import { collectionPath } from '../client/paths.ts';
import { sleep, systemClock } from '../lib/clock.ts';
import { refOfManifest } from './apply.ts';
import { loadCatalog, type Catalog, type CatalogEntry } from './catalog.ts';
import { parseDurationSeconds } from './duration.ts';
import { readManifests } from './manifests.ts';
import { parseSelection } from './selection.ts';
import type { Session } from './session.ts';

export interface DeleteOptions {
  readonly filename?: readonly string[];
  readonly recursive?: boolean;
  readonly selector?: string;
  readonly all?: boolean;
  /** Seconds. */
  readonly gracePeriod?: number;
  /** As `--grace-period=1`. */
  readonly now?: boolean;
  /** As `--grace-period=0`. */
  readonly force?: boolean;
  readonly wait: boolean;
  /** How long to wait, such as `30s`; without it, for as long as it takes. */
  readonly timeout?: string;
  readonly ignoreNotFound?: boolean;
  readonly dryRun?: boolean;
}

type Target = ObjectRef & { readonly title: string };

/** After this time a person wonders. */
const silentMs = 1500;

/** Deletes in order and goes on after a refusal, then waits for all. Returns the number of objects that are still there. */
export async function remove(session: Session, words: readonly string[], options: DeleteOptions): Promise<number> {
  if (words.length === 0 && options.filename === undefined) {
    throw new StatusError('BadRequest', 'say what to delete: TYPE NAME, TYPE/NAME, or -f with manifests');
  }
  const timeoutMs = options.timeout === undefined ? undefined : parseDurationSeconds(options.timeout) * 1000;
  const targets = await targetsOf(session, words, options);
  if (targets.length === 0) session.complain('No resources found');
  const accepted: Target[] = [];
  let failed = 0;
  for (const target of targets) {
    try {
      if (await removeOne(session, target, options)) accepted.push(target);
    } catch (error) {
      if (!(error instanceof StatusError) || error.reason === 'ServiceUnavailable') throw error;
      failed += 1;
      session.complain(`error: ${error.message}`);
    }
  }
  const ends = options.wait && options.dryRun !== true ? accepted : [];
  const gone = await Promise.all(ends.map((target) => reportEnd(session, target, timeoutMs)));
  return failed + gone.filter((isGone) => !isGone).length;
}

async function targetsOf(session: Session, words: readonly string[], options: DeleteOptions): Promise<Target[]> {
  const catalog = await loadCatalog(session);
  if (!options.filename) return selectedTargets(session, words, catalog, options);
  return readManifests(options.filename, options.recursive).map(({ object, source }) => {
    const ref = within(source, () => refOfManifest(session, catalog, object));
    return { ...ref, title: titleOf(catalog.forObject(object.apiVersion, object.kind), ref.name) };
  });
}

/** Puts the place before the message of what is thrown. */
function within<T>(source: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { reason, message } = StatusError.from(error);
    throw new StatusError(reason, `${source}: ${message}`);
  }
}

async function selectedTargets(session: Session, words: readonly string[], catalog: Catalog, options: DeleteOptions) {
  const targets: Target[] = [];
  for (const { resource, names } of parseSelection(words, catalog)) {
    const namespace = resource.namespaced ? session.namespace : '';
    const found = names.length > 0 ? names : await namesOf(session, resource, namespace, options);
    targets.push(...found.map((name) => ({ ...resource, namespace, name, title: titleOf(resource, name) })));
  }
  return targets;
}

async function namesOf(
  session: Session,
  resource: CatalogEntry,
  namespace: string,
  options: DeleteOptions,
): Promise<string[]> {
  if (options.selector === undefined && options.all !== true) {
    throw new StatusError('BadRequest', `name the ${resource.plural} to delete, or give --selector or --all`);
  }
  const query = options.selector === undefined ? {} : { labelSelector: options.selector };
  const list = await session.json<{ items: ApiObject[] }>({ path: collectionPath(resource, namespace), query });
  return list.items.map((item) => item.metadata.name ?? '');
}

const titleOf = ({ group, singular, plural }: CatalogEntry, name: string) =>
  `${singular || plural}${group === '' ? '' : `.${group}`}/${name}`;

async function removeOne(session: Session, target: Target, options: DeleteOptions): Promise<boolean> {
  const gracePeriodSeconds =
    options.force === true ? 0 : (options.gracePeriod ?? (options.now === true ? 1 : undefined));
  try {
    if (options.dryRun === true) {
      await session.client.get(target);
      session.print(`${target.title} deleted (dry run)`);
      return true;
    }
    await session.client.delete(target, {
      propagationPolicy: 'Background',
      ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    });
    if (!options.wait) session.print(`${target.title} deletion requested`);
    return true;
  } catch (error) {
    const gone = error instanceof StatusError && error.reason === 'NotFound';
    if (gone && options.ignoreNotFound === true) return false;
    throw error;
  }
}

/** Prints that the object is gone, or that it is not after the time; on the way, what it waits for. */
async function reportEnd(session: Session, target: Target, timeoutMs: number | undefined): Promise<boolean> {
  const stop = new AbortController();
  const signal = AbortSignal.any([session.signal, stop.signal]);
  const notice = systemClock.after(silentMs, () => void explainWait(session, target).catch(() => undefined));
  const late = timeoutMs === undefined ? new Promise<never>(() => undefined) : sleep(systemClock, timeoutMs, signal);
  const gone = await Promise.race([
    whenGone(session, target, signal).then(() => true),
    late.then(() => false).catch(() => true),
  ]);
  notice.cancel();
  stop.abort();
  if (session.signal.aborted) return true;
  if (gone) session.print(`${target.title} deleted`);
  else session.complain(`error: ${target.title} is still there after the time: ask tepui why ${target.title}`);
  return gone;
}

async function explainWait(session: Session, target: Target): Promise<void> {
  const { metadata } = await session.client.get(target);
  const finalizers = metadata.finalizers ?? [];
  const reason =
    finalizers.length > 0
      ? `held by finalizers ${finalizers.join(', ')}`
      : `it has ${String(metadata.deletionGracePeriodSeconds ?? 0)} seconds to stop`;
  session.complain(`Waiting for ${target.title} to end: ${reason} …`);
}

/** Watches the object until its deletion is seen; one of the same name that came later is another. */
async function whenGone(session: Session, target: Target, signal: AbortSignal): Promise<void> {
  const fieldSelector = `metadata.name=${target.name}`;
  const scope = target.namespace === '' ? {} : { namespace: target.namespace };
  while (!signal.aborted) {
    const list = await session.client.list(target, { ...scope, fieldSelector });
    if (list.items.every((item) => item.metadata.deletionTimestamp === undefined)) return;
    const options = { ...scope, fieldSelector, resourceVersion: list.resourceVersion };
    // The server ends a watch now and then; then the list says how things stand.
    for await (const event of session.client.watch(target, options, signal)) if (event.type === 'DELETED') return;
  }
}
