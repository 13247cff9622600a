// The files that ConfigMaps, Secrets and pod fields become in a volume. Pure.
import type { ConfigMap, DownwardAPIVolumeFile, KeyToPath, Pod, Secret } from '../../api/types.gen.ts';
import { fieldText, resourceText, type NodeFacts } from '../field-ref.ts';
import { configError } from '../isolation-error.ts';

export interface VolumeFile {
  /** Relative to the volume, without `..`. */
  readonly path: string;
  readonly content: Uint8Array;
  readonly mode: number;
}

export interface PayloadSource {
  /** `configmap "name"`, for errors. */
  readonly title: string;
  readonly entries: ReadonlyMap<string, Uint8Array> | undefined;
  readonly items: readonly KeyToPath[] | undefined;
  readonly optional: boolean;
  readonly defaultMode: number;
}

export const usualMode = 0o644;

/** Variables hold text: `binaryData` is for files (Kubernetes' rule). */
export function configMapTexts(object: ConfigMap | undefined): ReadonlyMap<string, Uint8Array> | undefined {
  return object && configMapEntries({ ...object, binaryData: {} });
}

export function configMapEntries(object: ConfigMap | undefined): ReadonlyMap<string, Uint8Array> | undefined {
  if (!object) return undefined;
  const text = Object.entries(object.data ?? {}).map(([key, value]): [string, Uint8Array] => [key, bytes(value)]);
  const binary = Object.entries(object.binaryData ?? {}).map(([key, value]): [string, Uint8Array] => [
    key,
    decode(value),
  ]);
  return new Map([...text, ...binary]);
}

export function secretEntries(object: Secret | undefined): ReadonlyMap<string, Uint8Array> | undefined {
  if (!object) return undefined;
  return new Map(Object.entries(object.data ?? {}).map(([key, value]) => [key, decode(value)]));
}

/** All keys, or the listed items. Throws IsolationError naming the missing object or key, unless optional. */
export function payloadFiles(source: PayloadSource): VolumeFile[] {
  const { entries, items, optional, defaultMode, title } = source;
  if (!entries) {
    if (optional) return [];
    throw configError(`${title} not found`);
  }
  if (!items || items.length === 0) {
    return [...entries].map(([path, content]) => ({ path, content, mode: defaultMode }));
  }
  return items.flatMap(({ key, path, mode }) => {
    const content = entries.get(key);
    if (content) return [{ path: checkedPath(path, title), content, mode: mode ?? defaultMode }];
    if (optional) return [];
    throw configError(
      `${title}: it has no key ${JSON.stringify(key)}; found ${[...entries.keys()].join(', ') || 'none'}`,
    );
  });
}

/** Files of a downwardAPI volume. */
export function downwardFiles(
  pod: Pod,
  node: NodeFacts,
  items: readonly DownwardAPIVolumeFile[],
  defaultMode: number,
): VolumeFile[] {
  return items.map((item) => {
    const title = `downwardAPI item ${item.path}`;
    const text = item.fieldRef
      ? fieldText(pod, node, item.fieldRef, `${title}.fieldRef.fieldPath`)
      : resourceText(pod, node, item.resourceFieldRef ?? { resource: '' }, undefined, `${title}.resourceFieldRef`);
    return { path: checkedPath(item.path, title), content: bytes(text), mode: item.mode ?? defaultMode };
  });
}

function checkedPath(path: string, title: string): string {
  if (path === '' || path.startsWith('/') || path.split('/').some((part) => part === '..' || part === '')) {
    throw configError(`${title}: expected a relative path without "..", found ${JSON.stringify(path)}`);
  }
  return path;
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function decode(base64: string): Uint8Array {
  return Buffer.from(base64, 'base64');
}
