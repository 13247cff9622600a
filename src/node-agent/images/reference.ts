// Image references: transports with a path, or plain names that are looked up in the agent's image directory. Pure.

export interface PathReference {
  readonly transport: 'oci' | 'oci-archive' | 'docker-archive';
  /** Absolute. */
  readonly path: string;
  readonly tag: string | undefined;
}

export interface NameReference {
  readonly transport: 'store';
  /** Without tag and digest: `library/busybox`. */
  readonly name: string;
  readonly tag: string;
  /** `sha256:…`, which then decides instead of the tag. */
  readonly digest: string | undefined;
}

export type ImageReference = PathReference | NameReference;

const pathShape = /^(oci|oci-archive|docker-archive):(\/[^:]*)(?::([A-Za-z0-9._/:@-]+))?$/;
const transportShape = /^(oci|oci-archive|docker-archive):/;
const nameShape =
  /^((?:[A-Za-z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*)(?::([A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/;

/** Undefined when the text is no reference. */
export function parseImageReference(text: string): ImageReference | undefined {
  const local = pathShape.exec(text);
  if (local) {
    const [, transport, path = '', tag] = local;
    return { transport: transport as PathReference['transport'], path, tag };
  }
  const named = nameShape.exec(text);
  if (!named || transportShape.test(text) || text.includes('..')) return undefined;
  const [, name = '', tag, digest] = named;
  return { transport: 'store', name, tag: tag ?? 'latest', digest };
}

/** Directories below the image directory where a name may be: as given, then without registry and `library/`. */
export function storeCandidates(name: string): string[] {
  const [first = '', ...rest] = name.split('/');
  const isRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const path = isRegistry ? rest.join('/') : name;
  const short = path.replace(/^library\//, '');
  return [...new Set([name, path, short, `library/${short}`])];
}
