// Which pods have left something on this host, and what is under way for each.
import { LaunchError } from '../containerizer.ts';
import { asLaunchError } from './launch.ts';

export interface PodBook {
  add(uid: string): void;
  remove(uid: string): void;
  uids(): readonly string[];
  /** Adds the pod and runs an operation on it. Rejects with LaunchError while the pod is being destroyed, and with whatever failed. */
  begin<T>(uid: string, operation: () => Promise<T>): Promise<T>;
  /** Like `begin`, for a pod that must be known already. */
  during<T>(uid: string, operation: () => Promise<T>): Promise<T>;
  /** Lets nothing new begin and waits for what is under way. */
  close(uid: string): Promise<void>;
}

export function createPodBook(): PodBook {
  const known = new Set<string>();
  const closed = new Set<string>();
  const underWay = new Map<string, Set<Promise<unknown>>>();

  const during = async <T>(uid: string, operation: () => Promise<T>): Promise<T> => {
    if (closed.has(uid)) throw new LaunchError('CreateContainerError', `pod ${uid} is being removed`);
    if (!known.has(uid)) throw new LaunchError('CreateContainerError', `pod ${uid} has not been prepared`);
    const running = operation();
    const all = underWay.get(uid) ?? new Set();
    underWay.set(uid, all.add(running));
    try {
      return await running;
    } catch (error) {
      throw asLaunchError(error);
    } finally {
      all.delete(running);
      if (all.size === 0) underWay.delete(uid);
    }
  };

  return {
    add: (uid) => void known.add(uid),
    uids: () => [...known],
    remove(uid) {
      known.delete(uid);
      closed.delete(uid);
    },
    begin(uid, operation) {
      if (!closed.has(uid)) known.add(uid);
      return during(uid, operation);
    },
    during,
    async close(uid) {
      closed.add(uid);
      await Promise.allSettled([...(underWay.get(uid) ?? [])]);
    },
  };
}
