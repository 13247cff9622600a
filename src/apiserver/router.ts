// Path and method → what is asked for. Refuses by name what is not served.
import type { ApiRequest } from '../api/request.ts';
import type { Verb } from '../api/kinds.ts';
import { StatusError } from '../api/status-error.ts';
import type { Registry, Resource } from './registry.ts';

export interface RequestInfo {
  readonly verb: Verb;
  readonly resource: Resource;
  /** Empty: cluster-scoped, or all namespaces. */
  readonly namespace: string;
  /** Empty for a collection. */
  readonly name: string;
  /** Empty for the object itself. */
  readonly subresource: string;
}

interface Place {
  readonly group: string;
  readonly version: string;
  readonly namespace: string;
  readonly plural: string;
  readonly name: string;
  readonly subresource: string;
}

/**
 * What a request asks for; `undefined` when the path names nothing this server has.
 * Throws NotFound for a subresource that is not served, MethodNotAllowed for a verb that is not.
 */
export function route(registry: Registry, request: ApiRequest): RequestInfo | undefined {
  const place = parsePath(request.path);
  if (place === undefined) return undefined;
  const resource = registry.byPlural(place.group, place.version, place.plural);
  if (resource === undefined || !fitsScope(resource, place)) return undefined;
  const { namespace, name, subresource } = place;
  if (subresource !== '' && !resource.definition.subresources.includes(subresource)) {
    throw unservedSubresource(resource, place);
  }
  const verb = verbOf(request, name !== '');
  if (verb === undefined || (subresource === '' && !resource.definition.verbs.includes(verb))) {
    throw methodNotAllowed(request.method, place);
  }
  return { verb, resource, namespace, name, subresource };
}

function fitsScope(resource: Resource, place: Place): boolean {
  if (!resource.definition.namespaced) return place.namespace === '';
  return place.namespace !== '' || place.name === '';
}

function parsePath(path: string): Place | undefined {
  const segments = path.split('/').slice(1);
  if (segments.at(-1) === '') segments.pop();
  if (segments.includes('')) return undefined;
  if (segments[0] === 'api') return parseRest('', segments[1], segments.slice(2));
  if (segments[0] === 'apis' && segments[1] !== undefined)
    return parseRest(segments[1], segments[2], segments.slice(3));
  return undefined;
}

function parseRest(group: string, version: string | undefined, rest: readonly string[]): Place | undefined {
  if (version === undefined || rest.length === 0) return undefined;
  const inNamespace = rest[0] === 'namespaces' && rest.length > 2 && !isNamespaceSubresource(group, rest);
  const namespace = inNamespace ? (rest[1] ?? '') : '';
  const [plural = '', name = '', subresource = '', ...more] = inNamespace ? rest.slice(2) : rest;
  if (more.length > 0) return undefined;
  return { group, version, namespace, plural, name, subresource };
}

function isNamespaceSubresource(group: string, rest: readonly string[]): boolean {
  return group === '' && rest.length === 3 && (rest[2] === 'status' || rest[2] === 'finalize');
}

function verbOf(request: ApiRequest, named: boolean): Verb | undefined {
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      if (isTrue(request.query.get('watch'))) return 'watch';
      return named ? 'get' : 'list';
    case 'POST':
      return 'create';
    case 'PUT':
      return named ? 'update' : undefined;
    case 'PATCH':
      return named ? 'patch' : undefined;
    case 'DELETE':
      return named ? 'delete' : 'deletecollection';
    default:
      return undefined;
  }
}

/** Kubernetes' reading of a boolean parameter: present and empty counts as true. */
export function isTrue(value: string | null): boolean {
  return value !== null && value !== 'false' && value !== '0';
}

function unservedSubresource(resource: Resource, place: Place): StatusError {
  const { group, plural } = resource.definition;
  const served = resource.definition.subresources;
  const list = served.length === 0 ? 'it has none' : `it has ${served.join(', ')}`;
  return new StatusError(
    'NotFound',
    `the server does not serve the subresource "${place.subresource}" of ${plural}: ${list}`,
    { name: place.name, ...(group === '' ? {} : { group }), kind: plural },
  );
}

/** The answer to a method that a path does not have. */
export function methodNotAllowed(method: string, place: { plural: string; subresource: string }): StatusError {
  const what = place.subresource === '' ? place.plural : `${place.plural}/${place.subresource}`;
  return new StatusError(
    'MethodNotAllowed',
    `the server does not allow this method on the requested resource: ${method} on ${what}`,
  );
}
