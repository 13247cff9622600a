// Every path and operation of the API as plain rows, before either version of OpenAPI gives them its form.
import type { KindDefinition, Verb } from '../../api/kinds.ts';
import { formatApiVersion } from '../../api/object.ts';
import type { GroupVersionKind, Subresource } from '../../api/subresources.ts';
import { subresourcesOf } from '../../api/subresources.ts';
import type { Parameter } from './parameters.ts';
import {
  deleting,
  forcing,
  listing,
  logging,
  nameInPath,
  namespaceInPath,
  reading,
  selecting,
  writing,
} from './parameters.ts';

export type Method = 'get' | 'put' | 'post' | 'delete' | 'patch';

export interface Operation {
  readonly method: Method;
  /** Unique in the whole API: `listAppsV1NamespacedDeployment`. */
  readonly id: string;
  /** Kubernetes' word in `x-kubernetes-action`. */
  readonly action: string;
  readonly description: string;
  readonly kind: GroupVersionKind;
  readonly parameters: readonly Parameter[];
  /** Media types of the request's body; empty when it has none. */
  readonly consumes: readonly string[];
  /** Definition of the request's body; absent for patches, which have a form of their own. */
  readonly body?: string;
  /** Definition of the answer; absent for plain text. */
  readonly answer?: string;
  /** Of success. */
  readonly status: number;
}

export interface ApiPath {
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly operations: readonly Operation[];
}

const metaPrefix = 'io.k8s.apimachinery.pkg.apis.meta.v1.';
const statusDefinition = `${metaPrefix}Status`;
const deleteOptionsDefinition = `${metaPrefix}DeleteOptions`;

const anyBody = ['*/*'];
const mergePatches = ['application/json-patch+json', 'application/merge-patch+json'];
const strategicPatch = 'application/strategic-merge-patch+json';
const applyPatch = 'application/apply-patch+yaml';

/**
 * Clients compute a strategic merge patch for a kind whose PATCH lists it. For the kinds of our own group they use a JSON
 * merge patch, as for every kind that is not part of Kubernetes.
 */
const patchTypes = (group: string): readonly string[] =>
  group === 'tepui.dev' ? [...mergePatches, applyPatch] : [...mergePatches, strategicPatch, applyPatch];

interface Template {
  readonly method: Method;
  readonly action: string;
  /** First word of the operation's id and of its description. */
  readonly word: string;
  readonly parameters: readonly Parameter[];
  readonly status?: number;
}

const collectionVerbs: Partial<Record<Verb, Template>> = {
  list: { method: 'get', action: 'list', word: 'list', parameters: listing },
  create: { method: 'post', action: 'post', word: 'create', parameters: writing, status: 201 },
  deletecollection: {
    method: 'delete',
    action: 'deletecollection',
    word: 'deleteCollection',
    parameters: [...selecting, ...deleting],
  },
};
const itemVerbs: Partial<Record<Verb, Template>> = {
  get: { method: 'get', action: 'get', word: 'read', parameters: reading },
  update: { method: 'put', action: 'put', word: 'replace', parameters: writing },
  patch: { method: 'patch', action: 'patch', word: 'patch', parameters: [...writing, forcing] },
  delete: { method: 'delete', action: 'delete', word: 'delete', parameters: deleting },
};
const subresourceVerbs: Partial<Record<Verb, Template>> = {
  ...itemVerbs,
  create: { method: 'post', action: 'post', word: 'create', parameters: writing, status: 201 },
};

/** Every path of a kind: across namespaces, the collection, the object and its subresources. */
export function pathsOf(kind: KindDefinition): readonly ApiPath[] {
  const root = `/${kind.group === '' ? 'api' : 'apis'}/${formatApiVersion(kind.group, kind.version)}`;
  const space = kind.namespaced ? [namespaceInPath] : [];
  const collection = `${root}${kind.namespaced ? '/namespaces/{namespace}' : ''}/${kind.plural}`;
  const item = `${collection}/{name}`;
  const across = { path: `${root}/${kind.plural}`, parameters: [], operations: listAcross(kind) };
  return [
    ...(kind.namespaced && across.operations.length > 0 ? [across] : []),
    { path: collection, parameters: space, operations: operationsOf(kind, collectionVerbs) },
    { path: item, parameters: [nameInPath, ...space], operations: operationsOf(kind, itemVerbs) },
    ...subresourcesOf(kind).map((subresource) => ({
      path: `${item}/${subresource.name}`,
      parameters: [nameInPath, ...space],
      operations: operationsOf(kind, subresourceVerbs, subresource),
    })),
  ];
}

function listAcross(kind: KindDefinition): readonly Operation[] {
  const { list } = collectionVerbs;
  if (list === undefined || !kind.verbs.includes('list')) return [];
  return [{ ...operation(kind, 'list', list), id: `list${groupWord(kind)}${kind.kind}ForAllNamespaces` }];
}

function operationsOf(
  kind: KindDefinition,
  templates: Partial<Record<Verb, Template>>,
  subresource?: Subresource,
): readonly Operation[] {
  const verbs = subresource?.verbs ?? kind.verbs;
  return verbs.flatMap((verb) => {
    const template = templates[verb];
    return template === undefined ? [] : [operation(kind, verb, template, subresource)];
  });
}

function operation(kind: KindDefinition, verb: Verb, template: Template, subresource?: Subresource): Operation {
  const { method, action, word, status = 200 } = template;
  const scope = kind.namespaced ? 'Namespaced' : '';
  const of = subresource === undefined ? '' : capital(subresource.name);
  const isLog = subresource?.isText === true;
  const body = bodyOf(kind, verb, subresource);
  return {
    method,
    id: `${word}${groupWord(kind)}${scope}${kind.kind}${of}`,
    action,
    description: describe(kind, verb, subresource),
    kind: subresource?.kind ?? { group: kind.group, version: kind.version, kind: kind.kind },
    parameters: isLog ? logging : template.parameters,
    consumes: verb === 'patch' ? patchTypes(kind.group) : body === undefined ? [] : anyBody,
    ...(body === undefined ? {} : { body }),
    ...(isLog ? {} : { answer: answerOf(kind, verb, subresource) }),
    status,
  };
}

function bodyOf(kind: KindDefinition, verb: Verb, subresource?: Subresource): string | undefined {
  if (verb === 'create' || verb === 'update') return subresource?.schema ?? kind.schema;
  return verb === 'delete' || verb === 'deletecollection' ? deleteOptionsDefinition : undefined;
}

function answerOf(kind: KindDefinition, verb: Verb, subresource?: Subresource): string {
  if (verb === 'list') return `${kind.schema}List`;
  if (verb === 'delete' || verb === 'deletecollection') return statusDefinition;
  return subresource?.schema ?? kind.schema;
}

const sentences: Readonly<Record<Verb, string>> = {
  create: 'Create',
  delete: 'Delete',
  deletecollection: 'Delete every matching',
  get: 'Read',
  list: 'List or watch objects of kind',
  patch: 'Change parts of',
  update: 'Replace',
  watch: 'Watch',
};

function describe(kind: KindDefinition, verb: Verb, subresource?: Subresource): string {
  const what = subresource === undefined ? kind.kind : `${subresource.name} of ${kind.kind}`;
  return `${sentences[verb]} ${what}.`;
}

/** `apps/v1` → `AppsV1`, the core group → `CoreV1`, `tepui.dev/v1` → `TepuiV1`. */
function groupWord({ group, version }: KindDefinition): string {
  const first = group === '' ? 'core' : (group.split('.')[0] ?? group);
  return capital(first) + capital(version);
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** The definitions that the operations of a kind speak of. */
export function definitionsOf(kind: KindDefinition): readonly string[] {
  const operations = pathsOf(kind).flatMap((path) => path.operations);
  return [...new Set(operations.flatMap(({ body, answer }) => [body, answer].filter((name) => name !== undefined)))];
}
