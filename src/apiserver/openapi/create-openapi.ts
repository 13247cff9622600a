// Serves OpenAPI: version 2 as JSON and protobuf, version 3 as a list of documents, one per group version.
import type { KindDefinition } from '../../api/kinds.ts';
import { formatApiVersion } from '../../api/object.ts';
import type { ApiRequest, ApiResponse } from '../../api/request.ts';
import type { SchemaDefinitions } from '../../api/schema.ts';
import { encodeOpenApi } from '../../rpc/openapi-document.ts';
import { acceptedTypes, contentTag, respondDocument } from '../document-response.ts';
import { openApiV2 } from './document-v2.ts';
import { openApiV3 } from './document-v3.ts';

export interface OpenApiOptions {
  readonly definitions: SchemaDefinitions;
  readonly kinds: readonly KindDefinition[];
  /** Version of the API, for `info`; part of every entity tag, so that a new release is read anew. */
  readonly version: string;
}

type Respond = (request: ApiRequest) => ApiResponse;

const json = 'application/json';
const protobufAsked = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
/** Kubernetes answers with a dot where clients ask with an at sign. */
const protobufType = protobufAsked.replace('@', '.');

/**
 * Answers GET and HEAD on `/openapi/v2`, `/openapi/v3` and `/openapi/v3/…`; undefined for all else, also for group
 * versions that are not there. A document is built when it is first asked for, and kept as bytes only.
 */
export function createOpenApi(options: OpenApiOptions): (request: ApiRequest) => ApiResponse | undefined {
  const responders = prepare(options);
  return (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
    return responders.get(request.path)?.(request);
  };
}

function prepare({ definitions, kinds, version }: OpenApiOptions): ReadonlyMap<string, Respond> {
  const tag = contentTag(version, JSON.stringify(definitions), JSON.stringify(kinds));
  const groupVersions = [...new Set(kinds.map(pathOfGroupVersion))];
  const document = (path: string): object => {
    const members = kinds.filter((kind) => pathOfGroupVersion(kind) === path);
    return openApiV3(definitions, members, version);
  };
  return new Map<string, Respond>([
    ['/openapi/v2', version2(() => openApiV2(definitions, kinds, version), tag)],
    ['/openapi/v3', root(groupVersions, tag)],
    ...groupVersions.map((path) => [`/openapi/v3/${path}`, version3(() => document(path), tag)] as const),
  ]);
}

const pathOfGroupVersion = ({ group, version }: KindDefinition): string =>
  `${group === '' ? 'api' : 'apis'}/${formatApiVersion(group, version)}`;

function version2(build: () => Parameters<typeof encodeOpenApi>[0], tag: string): Respond {
  const asJson = once(() => Buffer.from(JSON.stringify(build())));
  const asProtobuf = once(() => encodeOpenApi(build()));
  return (request) => {
    const asked = acceptedTypes(request).map((type) => type.replace('v2.v1.0+', 'v2@v1.0+'));
    return asked.includes(protobufAsked)
      ? respondDocument(request, { contentType: protobufType, tag: `${tag}-P`, read: asProtobuf })
      : respondDocument(request, { contentType: json, tag: `${tag}-J`, read: asJson });
  };
}

function root(groupVersions: readonly string[], tag: string): Respond {
  const paths = groupVersions.map((path) => [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${tag}` }]);
  const bytes = Buffer.from(JSON.stringify({ paths: Object.fromEntries(paths) as unknown }));
  return (request) => respondDocument(request, { contentType: json, tag, read: () => bytes });
}

/** With the current hash in its query the URL names the content, and clients may keep the document for good. */
function version3(build: () => object, tag: string): Respond {
  const read = once(() => Buffer.from(JSON.stringify(build())));
  return (request) =>
    respondDocument(request, { contentType: json, tag, read, isImmutable: request.query.get('hash') === tag });
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
