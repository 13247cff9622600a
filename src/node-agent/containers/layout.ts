// Where everything of the containerizer lies below the agent's home. Pure but for joining paths.
import { join } from 'node:path';
import type { ContainerPlace, PodPlace } from '../../isolators/isolator.ts';
import type { ContainerKey } from '../containerizer.ts';

export interface Layout {
  readonly home: string;
  readonly pods: string;
  readonly images: string;
  /** The OCI runtime's own state. */
  readonly runtimeRoot: string;
  readonly bootIdFile: string;
  pod(uid: string): PodPlace;
  container(key: ContainerKey): ContainerPlace;
  /** Directory of one container's logs. */
  logs(key: Pick<ContainerKey, 'podUid' | 'container'>): string;
  log(key: ContainerKey): string;
  /** The bundle's spec, in the pod's private directory: variables may be secret. */
  spec(key: ContainerKey): string;
}

/** The process that holds the pid namespace of a pod; no user can name a container so. */
export const holderName = '_holder';

const uidShape = /^[A-Za-z0-9][A-Za-z0-9-]{0,62}$/;
const nameShape = /^[a-z0-9_][a-z0-9-]{0,62}$/;

/** @param cgroupRoot path within each hierarchy, unique to this agent: `/tepui/NODE` */
export function createLayout(home: string, cgroupRoot: string): Layout {
  const podsDirectory = join(home, 'pods');

  const pod = (uid: string): PodPlace => {
    if (!uidShape.test(uid))
      throw new Error(`pod uid: expected letters, digits and dashes, found ${JSON.stringify(uid)}`);
    const directory = join(podsDirectory, uid);
    return { uid, directory, privateDirectory: join(directory, 'private'), cgroup: join(cgroupRoot, uid) };
  };

  const logs = (key: Pick<ContainerKey, 'podUid' | 'container'>) =>
    join(pod(key.podUid).directory, 'logs', checked(key.container));

  return {
    home,
    pods: podsDirectory,
    images: join(home, 'images'),
    runtimeRoot: join(home, 'runtime'),
    bootIdFile: join(home, 'boot-id'),
    pod,
    container(key) {
      const place = pod(key.podUid);
      const run = `${checked(key.container)}.${key.attempt}`;
      return {
        id: `${key.podUid}.${run}`,
        pod: place,
        directory: join(place.directory, 'containers', run),
        cgroup: join(place.cgroup, run),
      };
    },
    logs,
    log: (key) => join(logs(key), `${key.attempt}.log`),
    spec: (key) => join(pod(key.podUid).privateDirectory, `${checked(key.container)}.${key.attempt}.json`),
  };
}

/** The inverse of a container directory's name; undefined when it is none of ours. */
export function parseRunName(podUid: string, name: string): ContainerKey | undefined {
  const match = /^([a-z0-9_][a-z0-9-]*)\.(\d+)$/.exec(name);
  return match ? { podUid, container: match[1] ?? '', attempt: Number(match[2]) } : undefined;
}

function checked(container: string): string {
  if (!nameShape.test(container)) {
    throw new Error(
      `container name: expected lower-case letters, digits and dashes, found ${JSON.stringify(container)}`,
    );
  }
  return container;
}
