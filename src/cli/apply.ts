// `tepui apply`: manifests in, one line an object out. Apply is server-side.
import { StatusError } from '../api/status-error.ts';
import { objectPath } from '../client/paths.ts';
import type { ApiObject } from '../api/object.ts';
import type { ObjectRef } from '../client/client.ts';
import { loadCatalog, type Catalog } from './catalog.ts';
import { nameOf } from './object-name.ts';
import { describeProblems } from './manifest-problems.ts';
import { readManifests, type Manifest } from './manifests.ts';
import type { Session } from './session.ts';

export interface ApplyOptions {
  readonly filename: readonly string[];
  readonly recursive?: boolean;
  readonly force?: boolean;
  /** Nothing is written; the server checks all the same. */
  readonly dryRun?: boolean;
}

/** Applies every object; goes on after a refusal. Returns the number of refused objects. */
export async function apply(session: Session, options: ApplyOptions): Promise<number> {
  const manifests = readManifests(options.filename, options.recursive);
  const catalog = await loadCatalog(session);
  let refused = 0;
  for (const manifest of manifests) {
    try {
      session.print(await applyOne(session, catalog, manifest, options));
    } catch (error) {
      if (!isAboutObject(error)) throw error;
      refused += 1;
      for (const line of describeProblems(manifest, error)) session.complain(line);
      if (isOwnedByOthers(error)) session.complain('Give --force to take these fields over.');
    }
  }
  if (refused > 0) session.complain(`error: ${String(refused)} of ${String(manifests.length)} objects were refused`);
  return refused;
}

/** A server that cannot be reached, or does not know us, refuses every object alike: once is enough. */
function isAboutObject(error: unknown): error is StatusError {
  return error instanceof StatusError && !['ServiceUnavailable', 'Unauthorized'].includes(error.reason);
}

const isOwnedByOthers = (error: StatusError) =>
  error.details?.causes?.some((cause) => cause.reason === 'FieldManagerConflict') === true;

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

/** Throws StatusError NotFound for a kind that is not served, BadRequest without a name or with a foreign namespace. */
export function refOfManifest(session: Session, catalog: Catalog, object: ApiObject): ObjectRef {
  const resource = catalog.forObject(object.apiVersion, object.kind);
  const { name, namespace } = object.metadata;
  if (name === undefined || name === '') {
    throw new StatusError('BadRequest', `metadata.name is missing: it is how the ${object.kind} is found`);
  }
  if (resource.namespaced && namespace !== undefined && session.asked !== undefined && namespace !== session.asked) {
    const found = `found namespace ${namespace} in the manifest and ${session.asked} on the command line`;
    throw new StatusError('BadRequest', `${found}: drop one of them`);
  }
  return { ...resource, name, namespace: resource.namespaced ? (namespace ?? session.namespace) : '' };
}
