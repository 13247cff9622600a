// `tepui apply` and `tepui delete`: manifests in, one line an object out. Apply is server-side.
import { StatusError } from '../api/status-error.ts';
import { collectionPath, objectPath } from '../client/paths.ts';
import type { ApiObject } from '../api/object.ts';
import type { ObjectRef } from '../client/client.ts';
import { loadCatalog, type Catalog } from './catalog.ts';
import { nameOf } from './get.ts';
import { readManifests, type Manifest } from './manifests.ts';
import { parseSelection } from './selection.ts';
import type { Session } from './session.ts';

export interface ApplyOptions {
  readonly filename: readonly string[];
  readonly recursive?: boolean;
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

/** Applies every object; goes on after a refusal and fails at the end. Returns the number of refused objects. */
export async function apply(session: Session, options: ApplyOptions): Promise<number> {
  const manifests = readManifests(options.filename, options.recursive);
  const catalog = await loadCatalog(session);
  let refused = 0;
  for (const manifest of manifests) {
    try {
      session.print(await applyOne(session, catalog, manifest, options));
    } catch (error) {
      refused += 1;
      session.complain(`${manifest.source}: ${StatusError.from(error).message}`);
    }
  }
  return refused;
}

async function applyOne(
  session: Session,
  catalog: Catalog,
  manifest: Manifest,
  options: ApplyOptions,
): Promise<string> {
  const ref = refOfManifest(session, catalog, manifest.object);
  const before = await find(session, ref);
  const query = {
    fieldManager: 'tepui',
    fieldValidation: 'Strict',
    ...(options.force === true ? { force: 'true' } : {}),
    ...(options.dryRun === true ? { dryRun: 'All' } : {}),
  };
  const body = JSON.stringify(manifest.object);
  const contentType = 'application/apply-patch+yaml';
  const after = await session.json<ApiObject>({ method: 'PATCH', path: objectPath(ref), query, contentType, body });
  const unchanged = before?.metadata.resourceVersion === after.metadata.resourceVersion;
  const verb = !before ? 'created' : unchanged ? 'unchanged' : 'configured';
  return `${nameOf(after)} ${verb}${options.dryRun === true ? ' (dry run)' : ''}`;
}

async function find(session: Session, ref: ObjectRef): Promise<ApiObject | undefined> {
  try {
    return await session.client.get(ref);
  } catch (error) {
    if (error instanceof StatusError && error.reason === 'NotFound') return undefined;
    throw error;
  }
}

function refOfManifest(session: Session, catalog: Catalog, object: ApiObject): ObjectRef {
  const resource = catalog.forObject(object.apiVersion, object.kind);
  const { name, namespace } = object.metadata;
  if (name === undefined || name === '') {
    throw new StatusError('BadRequest', `metadata.name is missing: apply needs it to find the ${object.kind}`);
  }
  return { ...resource, name, namespace: resource.namespaced ? (namespace ?? session.namespace) : '' };
}

export interface DeleteOptions {
  readonly filename?: readonly string[];
  readonly selector?: string;
  readonly all?: boolean;
  readonly gracePeriod?: number;
  readonly wait: boolean;
  readonly ignoreNotFound?: boolean;
}

/** Deletes what manifests or arguments name, and waits until it is gone. */
export async function remove(session: Session, words: readonly string[], options: DeleteOptions): Promise<void> {
  const catalog = await loadCatalog(session);
  const refs = options.filename
    ? readManifests(options.filename).map((manifest) => refOfManifest(session, catalog, manifest.object))
    : await selectedRefs(session, words, catalog, options);
  const deleted: ObjectRef[] = [];
  for (const ref of refs) if (await removeOne(session, ref, options)) deleted.push(ref);
  if (options.wait) await Promise.all(deleted.map((ref) => whenGone(session, ref)));
}

async function selectedRefs(session: Session, words: readonly string[], catalog: Catalog, options: DeleteOptions) {
  const refs: ObjectRef[] = [];
  for (const { resource, names } of parseSelection(words, catalog)) {
    const namespace = resource.namespaced ? session.namespace : '';
    refs.push(...names.map((name) => ({ ...resource, namespace, name })));
    if (names.length > 0) continue;
    if (options.selector === undefined && options.all !== true) {
      throw new StatusError('BadRequest', `name the ${resource.plural} to delete, or give --selector or --all`);
    }
    const query = options.selector === undefined ? {} : { labelSelector: options.selector };
    const list = await session.json<{ items: ApiObject[] }>({ path: collectionPath(resource, namespace), query });
    refs.push(...list.items.map((item) => ({ ...resource, namespace, name: item.metadata.name ?? '' })));
  }
  return refs;
}

async function removeOne(session: Session, ref: ObjectRef, options: DeleteOptions): Promise<boolean> {
  try {
    await session.client.delete(ref, {
      propagationPolicy: 'Background',
      ...(options.gracePeriod === undefined ? {} : { gracePeriodSeconds: options.gracePeriod }),
    });
    session.print(`${ref.group === '' ? ref.plural : `${ref.plural}.${ref.group}`}/${ref.name} deleted`);
    return true;
  } catch (error) {
    const gone = error instanceof StatusError && error.reason === 'NotFound';
    if (gone && options.ignoreNotFound === true) return false;
    throw error;
  }
}

/** Watches the object until its deletion is seen. */
async function whenGone(session: Session, ref: ObjectRef): Promise<void> {
  const fieldSelector = `metadata.name=${ref.name}`;
  const scope = ref.namespace === '' ? {} : { namespace: ref.namespace };
  const list = await session.client.list(ref, { ...scope, fieldSelector });
  if (list.items.length === 0) return;
  const options = { ...scope, fieldSelector, resourceVersion: list.resourceVersion };
  for await (const event of session.client.watch(ref, options, session.signal)) if (event.type === 'DELETED') return;
}
