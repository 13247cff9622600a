// Which form of an answer the caller asked for in `Accept`.
import { StatusError } from '../api/status-error.ts';

export type Rendering = 'Object' | 'Table' | 'PartialObjectMetadata';

export interface Negotiated {
  readonly rendering: Rendering;
  readonly mediaType: 'application/json' | 'application/yaml';
  /** For tables: what `rows[].object` holds. */
  readonly includeObject: 'None' | 'Metadata' | 'Object';
}

interface Entry {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const jsonTypes = ['application/json', 'application/*', '*/*'];
const yamlTypes = ['application/yaml', 'application/x-yaml', 'text/yaml'];

/**
 * Takes the first entry of `accept`, in the order listed, that this server can produce. Protobuf is never produced.
 * Throws NotAcceptable when nothing fits; a missing header accepts all.
 * @param transformable false for answers that have no table or metadata form (a Status, a review)
 */
export function negotiate(accept: string | undefined, query: URLSearchParams, transformable = true): Negotiated {
  const includeObject = includeOf(query);
  for (const entry of parseAccept(accept ?? '*/*')) {
    const mediaType = mediaTypeOf(entry.type);
    const rendering = mediaType === undefined ? undefined : renderingOf(entry.parameters);
    if (mediaType === undefined || rendering === undefined) continue;
    if (rendering !== 'Object' && !transformable) continue;
    return { rendering, mediaType, includeObject };
  }
  throw new StatusError(
    'NotAcceptable',
    `only the following media types are accepted: application/json, application/yaml (asked for: ${accept ?? ''})`,
  );
}

function parseAccept(accept: string): Entry[] {
  return accept.split(',').map((text) => {
    const [type = '', ...parameters] = text.split(';').map((part) => part.trim());
    return { type: type.toLowerCase(), parameters: new Map(parameters.map(splitParameter)) };
  });
}

function splitParameter(parameter: string): [string, string] {
  const equals = parameter.indexOf('=');
  return equals < 0 ? [parameter, ''] : [parameter.slice(0, equals).trim(), parameter.slice(equals + 1).trim()];
}

function mediaTypeOf(type: string): Negotiated['mediaType'] | undefined {
  if (jsonTypes.includes(type)) return 'application/json';
  return yamlTypes.includes(type) ? 'application/yaml' : undefined;
}

function renderingOf(parameters: ReadonlyMap<string, string>): Rendering | undefined {
  const as = parameters.get('as');
  if (as === undefined) return 'Object';
  const group = parameters.get('g') ?? 'meta.k8s.io';
  const version = parameters.get('v') ?? 'v1';
  if (group !== 'meta.k8s.io' || !['v1', 'v1beta1'].includes(version)) return undefined;
  if (as === 'Table') return 'Table';
  return as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList' ? 'PartialObjectMetadata' : undefined;
}

function includeOf(query: URLSearchParams): Negotiated['includeObject'] {
  const asked = query.get('includeObject');
  if (asked === null || asked === '' || asked === 'Metadata') return 'Metadata';
  if (asked === 'None' || asked === 'Object') return asked;
  throw new StatusError(
    'BadRequest',
    `includeObject: unsupported value "${asked}", supported values: "Metadata", "None", "Object"`,
  );
}
