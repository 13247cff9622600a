// Images on this node: finds them in local layouts and archives, unpacks each digest once.
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LaunchError } from '../containerizer.ts';
import { readImageConfig, readLayout, selectImage, type ImageConfig, type LayoutImage } from './oci-layout.ts';
import { parseImageReference, storeCandidates, type NameReference, type PathReference } from './reference.ts';

export interface UnpackedImage {
  /** Digest of the manifest, `sha256:…`. */
  readonly id: string;
  /** The root file system: never to be written to. */
  readonly directory: string;
  readonly config: ImageConfig;
}

export interface ImageStore {
  /** Rejects with LaunchError: InvalidImageName, ErrImageNeverPull, ErrImagePull (which names the places searched). */
  resolve(image: string, pullPolicy: string | undefined): Promise<UnpackedImage>;
  /** Makes the directory, for people to copy images into; removes what an interrupted unpacking left. */
  recover(): Promise<void>;
}

interface Found {
  readonly layout: string;
  readonly image: LayoutImage;
}

const soleName = 'image';

/** @param directory the image directory: layouts by name, and below dot-names what the agent made of them */
export function createImageStore(directory: string): ImageStore {
  const temporary = join(directory, '.tmp');
  const unpacking = new Map<string, Promise<UnpackedImage>>();

  const unpackOnce = (found: Found) => {
    const key = found.image.digest;
    const running = unpacking.get(key) ?? unpack(directory, temporary, found).finally(() => unpacking.delete(key));
    unpacking.set(key, running);
    return running;
  };

  return {
    async resolve(text, pullPolicy) {
      const reference = parseImageReference(text);
      if (!reference) throw invalidName(text);
      const found =
        reference.transport === 'store'
          ? await findNamed(directory, reference, text, pullPolicy)
          : await findAtPath(directory, temporary, reference);
      return unpackOnce(await singlePlatform(directory, temporary, found));
    },
    async recover() {
      await mkdir(directory, { recursive: true });
      await rm(temporary, { recursive: true, force: true });
    },
  };
}

async function findNamed(
  directory: string,
  reference: NameReference,
  text: string,
  pullPolicy: string | undefined,
): Promise<Found> {
  const candidates = storeCandidates(reference.name).map((name) => join(directory, name));
  for (const layout of candidates) {
    const image = selectImage((await readLayout(layout)) ?? [], reference.tag, reference.digest);
    if (image) return { layout, image };
  }
  // The shortest: its parent directory is likely to exist, and skopeo makes none.
  const target = [...candidates].sort((a, b) => a.length - b.length)[0] ?? directory;
  const makeParent = dirname(target) === directory ? '' : `mkdir -p ${dirname(target)} && `;
  throw new LaunchError(
    pullPolicy === 'Never' ? 'ErrImageNeverPull' : 'ErrImagePull',
    `image ${JSON.stringify(text)} is not on this node: searched ${candidates.join(', ')} for ${reference.digest ?? `tag ${reference.tag}`}; ` +
      `add it with "${makeParent}skopeo copy docker://${text} oci:${target}:${reference.tag}", or name a local one as oci:/DIRECTORY[:TAG], oci-archive:/FILE or docker-archive:/FILE`,
  );
}

async function findAtPath(directory: string, temporary: string, reference: PathReference): Promise<Found> {
  const { transport, path, tag } = reference;
  const layout = transport === 'oci' ? path : await importArchive(directory, temporary, reference);
  const images = await readLayout(layout);
  if (!images) throw notThere(path, 'expected an OCI image layout (a directory with index.json)');
  const image = selectImage(images, transport === 'oci' ? tag : undefined);
  if (image) return { layout, image };
  const names = images.map(({ name }) => name ?? 'one without a name').join(', ');
  throw notThere(
    path,
    `${tag === undefined ? 'it holds several images, name one of them' : `it has no tag ${tag}`}; found ${names || 'none'}`,
  );
}

/** Copies an archive into a layout, once for each state of the file. */
async function importArchive(directory: string, temporary: string, reference: PathReference): Promise<string> {
  const { transport, path, tag } = reference;
  const facts = await stat(path, { bigint: true }).catch(() => undefined);
  if (!facts) throw notThere(path, 'there is no such file');
  const key = createHash('sha256')
    .update(`${transport}\0${path}\0${tag ?? ''}\0${facts.mtimeNs}\0${facts.size}`)
    .digest('hex');
  const layout = join(directory, '.archives', key);
  if (await readLayout(layout)) return layout;
  await makeAtOnce(temporary, layout, (target) =>
    copyImage(`${transport}:${path}${tag === undefined ? '' : `:${tag}`}`, target, path),
  );
  return layout;
}

/** umoci unpacks one named manifest; anything else goes through skopeo, which selects the platform. */
async function singlePlatform(directory: string, temporary: string, found: Found): Promise<Found> {
  const { image, layout } = found;
  if (image.name !== undefined && !image.isList) return found;
  const target = join(directory, '.archives', image.digest.replace(':', '-'));
  if (!(await readLayout(target))) {
    const source = `oci:${layout}${image.name === undefined ? '' : `:${image.name}`}`;
    await makeAtOnce(temporary, target, (place) => copyImage(source, place, layout));
  }
  const copied = selectImage((await readLayout(target)) ?? [], soleName);
  if (!copied) throw notThere(layout, 'the copy of the image has no manifest');
  return { layout: target, image: copied };
}

async function unpack(directory: string, temporary: string, { layout, image }: Found): Promise<UnpackedImage> {
  const place = join(directory, '.unpacked', image.digest.replace(':', '-'));
  const finished = { id: image.digest, directory: join(place, 'rootfs') };
  const known = await readFile(join(place, 'image.json'), 'utf8').catch(() => undefined);
  if (known !== undefined) return { ...finished, config: JSON.parse(known) as ImageConfig };
  const config = await readImageConfig(layout, image.digest);
  await makeAtOnce(temporary, place, async (target) => {
    const args = ['raw', 'unpack', '--image', `${layout}:${image.name ?? soleName}`, join(target, 'rootfs')];
    await runTool('umoci', args, layout);
    await writeFile(join(target, 'image.json'), JSON.stringify(config));
  });
  return { ...finished, config };
}

/** Fills a temporary directory and renames it, so that half of it never counts. */
async function makeAtOnce(temporary: string, target: string, fill: (place: string) => Promise<void>): Promise<void> {
  await mkdir(temporary, { recursive: true });
  const place = await mkdtemp(join(temporary, 'x-'));
  await fill(place);
  await mkdir(join(target, '..'), { recursive: true });
  await rename(place, target).catch((error: unknown) => {
    // Another one was first, with the same content.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  });
}

const copyImage = (source: string, target: string, place: string) =>
  runTool('skopeo', ['--insecure-policy', 'copy', '--quiet', source, `oci:${target}:${soleName}`], place);

async function runTool(tool: string, args: readonly string[], place: string): Promise<void> {
  // Loaded by agents that run images only: others keep the memory.
  const { execa } = await import('execa');
  const result = await execa(tool, args, { reject: false, stdin: 'ignore' });
  if (!result.failed) return;
  const missing = 'code' in result && result.code === 'ENOENT';
  const reason = missing ? `${tool} is not installed on this node` : result.stderr.trim();
  throw notThere(place, `${tool} could not read it: ${reason || result.shortMessage}`);
}

function invalidName(text: string): LaunchError {
  return new LaunchError(
    'InvalidImageName',
    `image ${JSON.stringify(text)}: expected NAME[:TAG][@DIGEST], oci:/DIRECTORY[:TAG], oci-archive:/FILE[:TAG] or docker-archive:/FILE[:TAG]`,
  );
}

function notThere(path: string, problem: string): LaunchError {
  return new LaunchError('ErrImagePull', `image at ${path}: ${problem}`);
}
