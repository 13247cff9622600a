// Discovery: which groups, versions, kinds and verbs there are, in the legacy and in the aggregated form.
import type { KindDefinition } from '../api/kinds.ts';
import { formatApiVersion } from '../api/object.ts';
import type { ApiRequest, ApiResponse } from '../api/request.ts';
import { aggregatedGroups, apiGroup, groupsOf, resourceList } from './discovery-documents.ts';
import { acceptedTypes, contentTag, respondDocument } from './document-response.ts';

export interface DiscoveryOptions {
  readonly kinds: readonly KindDefinition[];
  /** Where clients reach this server, host and port: `127.0.0.1:6443`. */
  readonly serverAddress: string;
}

interface Prepared {
  readonly contentType: string;
  readonly tag: string;
  readonly bytes: Uint8Array;
}

/** Documents of one path by media type, in order of preference. */
type Forms = ReadonlyMap<string, Prepared>;

const json = 'application/json';
const aggregatedVersions = ['v2', 'v2beta1'] as const;

/** As clients send it: parameters in this order, in the request and in the answer's Content-Type. */
const aggregatedType = (version: string): string =>
  `${json};g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;

/**
 * Answers GET and HEAD on `/api`, `/apis`, `/apis/GROUP`, `/api/v1` and `/apis/GROUP/VERSION`; undefined for all else,
 * also for groups and versions that are not there. The first form in `Accept` that exists wins; JSON is the fallback.
 */
export function createDiscovery(options: DiscoveryOptions): (request: ApiRequest) => ApiResponse | undefined {
  const documents = prepareDocuments(options);
  return (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
    const forms = documents.get(request.path.replace(/\/$/, ''));
    return forms && respond(request, forms);
  };
}

function respond(request: ApiRequest, forms: Forms): ApiResponse | undefined {
  const asked = acceptedTypes(request).find((type) => forms.has(type));
  const chosen = forms.get(asked ?? json);
  return chosen && respondDocument(request, { ...chosen, read: () => chosen.bytes });
}

function prepareDocuments({ kinds, serverAddress }: DiscoveryOptions): ReadonlyMap<string, Forms> {
  const groups = groupsOf(kinds);
  const addresses = [{ clientCIDR: '0.0.0.0/0', serverAddress }];
  const [core, named] = [groups.filter(({ name }) => name === ''), groups.filter(({ name }) => name !== '')];
  const coreVersions = core.flatMap(({ versions }) => versions.map(({ version }) => version));
  return new Map<string, Forms>([
    [
      '/api',
      forms({ kind: 'APIVersions', versions: coreVersions, serverAddressByClientCIDRs: addresses }, (version) =>
        aggregatedGroups(core, version),
      ),
    ],
    [
      '/apis',
      forms({ kind: 'APIGroupList', apiVersion: 'v1', groups: named.map(apiGroup) }, (version) =>
        aggregatedGroups(named, version),
      ),
    ],
    ...named.map(
      (group) => [`/apis/${group.name}`, forms({ kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(group) })] as const,
    ),
    ...groups.flatMap(({ name, versions }) =>
      versions.map((each) => {
        const path = `/${name === '' ? 'api' : 'apis'}/${formatApiVersion(name, each.version)}`;
        return [path, forms(resourceList(name, each))] as const;
      }),
    ),
  ]);
}

function forms(legacy: unknown, aggregated?: (version: string) => unknown): Forms {
  const all: [accept: string, prepared: Prepared][] = [[json, prepare(json, legacy)]];
  for (const version of aggregated === undefined ? [] : aggregatedVersions) {
    const contentType = aggregatedType(version);
    const accept = [json, ...contentType.split(';').slice(1).sort()].join(';');
    all.push([accept, prepare(contentType, aggregated?.(version))]);
  }
  return new Map(all);
}

function prepare(contentType: string, document: unknown): Prepared {
  const bytes = Buffer.from(JSON.stringify(document));
  return { contentType, bytes, tag: contentTag(contentType, bytes) };
}
