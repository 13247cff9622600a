// Stored objects → the bytes of an answer, in the form that was negotiated: whole, as table rows, or metadata only.
import type { ApiObject } from '../api/object.ts';
import type { StoredObject } from '../store/store.ts';
import { columnsOf } from './columns.ts';
import type { Column } from './columns.ts';
import type { Negotiated } from './negotiation.ts';
import type { Resource } from './registry.ts';
import { encodeJson } from './respond.ts';
import { wireObject } from './server-parts.ts';

export interface ListMetadata {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

export interface Renderer {
  /** One object as a whole answer. */
  single(stored: StoredObject): Uint8Array;
  /** A list is head, items joined by commas, tail. */
  listHead(metadata: ListMetadata): Uint8Array;
  listItem(stored: StoredObject): Uint8Array;
  readonly listTail: Uint8Array;
  /** The object of a watch event. @param first the first event of a table carries its columns */
  eventObject(stored: StoredObject, first: boolean): Uint8Array;
  /** The object of a BOOKMARK. */
  bookmark(resourceVersion: string, annotations: Readonly<Record<string, string>> | undefined): Uint8Array;
}

export function createRenderer(resource: Resource, negotiated: Negotiated, nowMs: number): Renderer {
  switch (negotiated.rendering) {
    case 'Table':
      return tableRenderer(resource, negotiated, nowMs);
    case 'PartialObjectMetadata':
      return metadataRenderer(resource);
    case 'Object':
      return objectRenderer(resource);
  }
}

const listTail = Buffer.from(']}');
const metaVersion = 'meta.k8s.io/v1';

function objectRenderer(resource: Resource): Renderer {
  const { shape } = resource.strategy;
  const bytes = (stored: StoredObject) => (shape ? encodeJson(wireObject(resource, stored)) : stored.bytes);
  const { kind, apiVersion } = typeOf(resource);
  return {
    single: bytes,
    listHead: (metadata) => openList({ kind: `${kind}List`, apiVersion, metadata }, 'items'),
    listItem: bytes,
    listTail,
    eventObject: bytes,
    bookmark: (resourceVersion, annotations) =>
      encodeJson({ kind, apiVersion, metadata: bookmarkMetadata(resourceVersion, annotations) }),
  };
}

function metadataRenderer(resource: Resource): Renderer {
  const kind = 'PartialObjectMetadata';
  const bytes = (stored: StoredObject) => encodeJson(partial(wireObject(resource, stored)));
  return {
    single: bytes,
    listHead: (metadata) => openList({ kind: `${kind}List`, apiVersion: metaVersion, metadata }, 'items'),
    listItem: bytes,
    listTail,
    eventObject: bytes,
    bookmark: (resourceVersion, annotations) =>
      encodeJson({ kind, apiVersion: metaVersion, metadata: bookmarkMetadata(resourceVersion, annotations) }),
  };
}

function tableRenderer(resource: Resource, negotiated: Negotiated, nowMs: number): Renderer {
  const columns = columnsOf(resource.storage);
  const row = (stored: StoredObject) => rowOf(columns, wireObject(resource, stored), negotiated, nowMs);
  const head = (metadata: object, definitions: readonly Column[] | null) => ({
    kind: 'Table',
    apiVersion: metaVersion,
    metadata,
    columnDefinitions: definitions?.map(definitionOf) ?? null,
  });
  const revisionOf = (stored: StoredObject) => ({ resourceVersion: String(stored.revision) });
  return {
    single: (stored) => encodeJson({ ...head(revisionOf(stored), columns), rows: [row(stored)] }),
    listHead: (metadata) => openList(head(metadata, columns), 'rows'),
    listItem: (stored) => encodeJson(row(stored)),
    listTail,
    eventObject: (stored, first) =>
      encodeJson({ ...head(revisionOf(stored), first ? columns : null), rows: [row(stored)] }),
    bookmark(resourceVersion, annotations) {
      const { kind, apiVersion } = typeOf(resource);
      const object = { kind, apiVersion, metadata: bookmarkMetadata(resourceVersion, annotations) };
      const cells = columns.map(() => '');
      return encodeJson({ ...head({ resourceVersion }, null), rows: [{ cells, object }] });
    },
  };
}

function rowOf(columns: readonly Column[], object: ApiObject, negotiated: Negotiated, nowMs: number): object {
  const cells = columns.map((column) => column.cell(object, nowMs));
  switch (negotiated.includeObject) {
    case 'None':
      return { cells };
    case 'Metadata':
      return { cells, object: partial(object) };
    case 'Object':
      return { cells, object };
  }
}

function definitionOf({ name, type, format, description, priority }: Column): object {
  return { name, type, format, description, priority };
}

function partial(object: ApiObject): object {
  return { kind: 'PartialObjectMetadata', apiVersion: metaVersion, metadata: object.metadata };
}

function typeOf(resource: Resource): { kind: string; apiVersion: string } {
  const { kind, group, version } = resource.definition;
  return { kind, apiVersion: group === '' ? version : `${group}/${version}` };
}

function bookmarkMetadata(resourceVersion: string, annotations: Readonly<Record<string, string>> | undefined): object {
  return { resourceVersion, creationTimestamp: null, ...(annotations ? { annotations } : {}) };
}

/** `{…,"items":[` – the rest is streamed. */
function openList(head: object, field: string): Uint8Array {
  const text = JSON.stringify(head);
  return Buffer.from(`${text.slice(0, -1)},"${field}":[`);
}
