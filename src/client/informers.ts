// One informer per kind, shared by everybody in the process who needs it.
import { setMaxListeners } from 'node:events';
import type { ApiObject } from '../api/object.ts';
import { aborted } from '../lib/run-group.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Reader, ResourceRef } from './client.ts';
import { createInformer, type Informer } from './informer.ts';

export interface Informers {
  /** The informer of a kind; made on first use and, once `run` was called, started at once. */
  of<T extends ApiObject = ApiObject>(resource: ResourceRef, options?: InformerChoice<T>): Informer<T>;
  /** The informer of a kind, if somebody asked for it before. */
  find(resource: ResourceRef): Informer | undefined;
  /** Resolves when every informer asked for so far has its first list. */
  synced(): Promise<void>;
  /**
   * Resolves when every informer asked for so far shows at least these revisions; rejects when the signal aborts.
   * @param lastWrite to the resource, as the store says
   */
  reached(lastWrite: (resource: ResourceRef) => number, signal: AbortSignal): Promise<void>;
  /** Keeps all of them fresh until `signal` aborts. To be called once. */
  run(signal: AbortSignal): Promise<void>;
}

export interface InformerChoice<T> {
  /** Keeps less of each object, to save memory: kind and metadata at least. The first to ask for a kind decides. */
  readonly project?: (object: T) => T;
}

export function createInformers(reader: Reader, dependencies: { readonly clock: Clock; readonly log: Log }): Informers {
  const informers = new Map<string, Informer>();
  const runs: Promise<void>[] = [];
  let running: AbortSignal | undefined;

  const start = <T extends ApiObject>(resource: ResourceRef, choice: InformerChoice<T>): Informer<T> => {
    const informer = createInformer<T>(reader, resource, { ...dependencies, ...choice });
    informers.set(idOf(resource), informer);
    if (running) runs.push(informer.run(running));
    return informer;
  };

  return {
    of: <T extends ApiObject>(resource: ResourceRef, choice: InformerChoice<T> = {}) =>
      (informers.get(idOf(resource)) as unknown as Informer<T> | undefined) ?? start(resource, choice),
    find: (resource) => informers.get(idOf(resource)),
    async synced() {
      await Promise.all([...informers.values()].map((informer) => informer.synced));
    },
    async reached(lastWrite, signal) {
      const behind = [...informers.values()].map((informer) => ({ informer, revision: lastWrite(informer.resource) }));
      await Promise.all(
        behind.map(async ({ informer, revision }) => informer.until(() => informer.revision >= revision, signal)),
      );
    },
    async run(signal) {
      running = signal;
      // Every watch and every waiting write listens to it; that is no leak.
      setMaxListeners(0, signal);
      for (const informer of informers.values()) runs.push(informer.run(signal));
      await aborted(signal);
      await Promise.all(runs);
    },
  };
}

function idOf(resource: ResourceRef): string {
  return resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
}
