// The plan of a root for containers without an image: the host's top-level directories, read-only, minus what is
// nobody's business. Mounts exist in the container's mount namespace only. Pure.
import type { OciMount } from '../oci-spec.ts';
import { memoryMount } from '../spec-draft.ts';

/** A top-level entry of the host's root. */
export interface HostEntry {
  readonly name: string;
  /** Where it points, if it is a symbolic link. */
  readonly link?: string;
}

/** A mount point that the host does not have. */
export interface MissingMountPoint {
  readonly path: string;
  readonly kind: 'file' | 'directory';
}

export interface HostRootFacts {
  readonly entries: readonly HostEntry[];
  /** Mount points of the host. */
  readonly submounts: readonly string[];
  readonly missing: readonly MissingMountPoint[];
  /** Directories that exist and that containers must find empty. */
  readonly hidden: readonly string[];
  /** Where mount points for `missing` are made. */
  readonly mountPoints: string;
}

export interface HostRootPlan {
  readonly links: readonly { readonly name: string; readonly target: string }[];
  /** Empty directories of the root. */
  readonly directories: readonly string[];
  /** To be made below `mountPoints`. */
  readonly mountPoints: readonly MissingMountPoint[];
  readonly mounts: readonly OciMount[];
}

/** Replaced by the container's own, or kept from it: kernel files, homes, the boot loader, run-time sockets. */
const ownOrHidden = new Set(['proc', 'sys', 'dev', 'run', 'tmp', 'root', 'home', 'boot', 'mnt', 'media', 'lost+found']);

/** Credentials of the host that root in a container could read otherwise. */
export const maskedHostPaths = [
  '/etc/shadow',
  '/etc/shadow-',
  '/etc/gshadow',
  '/etc/gshadow-',
  '/etc/sudoers',
  '/etc/sudoers.d',
  '/etc/ssh',
  '/etc/ssl/private',
  '/etc/krb5.keytab',
  '/var/lib/docker',
  '/var/lib/containerd',
  '/var/lib/kubelet',
];

const readOnly = ['rprivate', 'nodev'];

export function planHostRoot(facts: HostRootFacts): HostRootPlan {
  const shown = facts.entries.filter((entry) => entry.link === undefined && !ownOrHidden.has(entry.name));
  const shownNames = new Set(shown.map((entry) => entry.name));
  const inside = facts.missing.filter((point) => shownNames.has(topOf(point.path)));
  const layered = new Set(inside.map((point) => topOf(point.path)));
  return {
    links: facts.entries.flatMap(({ name, link }) => (link === undefined ? [] : [{ name, target: link }])),
    directories: [...ownOrHidden].filter((name) => name !== 'lost+found'),
    mountPoints: inside,
    mounts: [
      ...shown.flatMap(({ name }) => (layered.has(name) ? layeredMounts(name, facts) : [hostMount(`/${name}`)])),
      ...facts.hidden
        .filter((path) => shownNames.has(topOf(path)))
        .map((path) => memoryMount(path, ['ro', 'noexec', 'mode=000', 'size=4k', 'nr_inodes=1'])),
    ],
  };
}

export function topOf(path: string): string {
  return path.split('/')[1] ?? '';
}

/** `rro` makes submounts read-only too. */
function hostMount(path: string): OciMount {
  return { destination: path, type: 'bind', source: path, options: ['rbind', 'rro', ...readOnly] };
}

/** Two read-only layers, the upper with nothing but the missing mount points; what is mounted below comes along. */
function layeredMounts(name: string, facts: HostRootFacts): OciMount[] {
  const path = `/${name}`;
  const overlay: OciMount = {
    destination: path,
    type: 'overlay',
    source: 'overlay',
    options: ['ro', 'nodev', `lowerdir=${facts.mountPoints}${path}:${path}`],
  };
  const below = facts.submounts.filter((point) => point.startsWith(`${path}/`));
  return [overlay, ...below.map(hostMount)];
}
