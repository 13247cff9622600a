// Reads an OCI image layout: which manifest a tag names, and what the image's configuration says.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface LayoutImage {
  /** Of the manifest: `sha256:…`. */
  readonly digest: string;
  /** The name in the layout, where the manifest is in the index itself. */
  readonly name: string | undefined;
  /** A list of manifests for several platforms. */
  readonly isList: boolean;
}

/** What an image says about the process. */
export interface ImageConfig {
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  /** `NAME=value` each. */
  readonly env: readonly string[];
  readonly workingDir: string;
  readonly user: string;
  readonly stopSignal: string | undefined;
}

interface Descriptor {
  readonly mediaType?: string;
  readonly digest: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

const nameAnnotation = 'org.opencontainers.image.ref.name';

/** All images of a layout; undefined when `directory` is none. */
export async function readLayout(directory: string): Promise<readonly LayoutImage[] | undefined> {
  const index = await readJson<{ manifests?: readonly Descriptor[] }>(join(directory, 'index.json')).catch(
    () => undefined,
  );
  return index?.manifests?.map((entry) => ({
    digest: entry.digest,
    name: entry.annotations?.[nameAnnotation],
    isList: /index|manifest\.list/.test(entry.mediaType ?? ''),
  }));
}

/** By digest, else by tag (the whole name or its end); without a tag the only image. */
export function selectImage(
  images: readonly LayoutImage[],
  tag: string | undefined,
  digest?: string,
): LayoutImage | undefined {
  if (digest !== undefined) return images.find((image) => image.digest === digest);
  if (tag === undefined) return images.length === 1 ? images[0] : undefined;
  return (
    images.find((image) => image.name === tag) ??
    images.find((image) => image.name?.endsWith(`:${tag}`)) ??
    (images.length === 1 && images[0]?.name === undefined ? images[0] : undefined)
  );
}

/** The configuration of the image whose manifest has `digest`. */
export async function readImageConfig(directory: string, digest: string): Promise<ImageConfig> {
  const manifest = await readJson<{ config: Descriptor }>(blobPath(directory, digest));
  const { config = {} } = await readJson<{ config?: RawConfig }>(blobPath(directory, manifest.config.digest));
  return {
    entrypoint: config.Entrypoint ?? [],
    cmd: config.Cmd ?? [],
    env: config.Env ?? [],
    workingDir: config.WorkingDir ?? '',
    user: config.User ?? '',
    stopSignal: config.StopSignal,
  };
}

interface RawConfig {
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Env?: readonly string[];
  readonly WorkingDir?: string;
  readonly User?: string;
  readonly StopSignal?: string;
}

function blobPath(directory: string, digest: string): string {
  return join(directory, 'blobs', digest.replace(':', '/'));
}

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, 'utf8')) as T;
}
