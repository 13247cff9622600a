// Watchers of one server, as programs have them: our informer over HTTP, and `kubectl get -w`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { ApiObject } from '../../../src/api/object.ts';
import type { Reader, ResourceRef } from '../../../src/client/client.ts';
import { createHttpClient } from '../../../src/client/http-client.ts';
import { createInformer, type Informer } from '../../../src/client/informer.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { silentLog } from '../../../src/lib/log.ts';
import { connectionOf } from './api-answer.ts';
import type { Commands } from './commands.ts';

export interface Observer {
  readonly informer: Informer;
  /** Names in the order in which they came. */
  readonly added: readonly string[];
  /** How often it had to begin anew: 1 when the watch could always go on from where it was. */
  readonly lists: number;
  stop(): Promise<void>;
}

/** Lists and watches as client-go does; resolves when the first list is there. */
export async function observe({ kubeconfig }: Commands, resource: ResourceRef, namespace: string): Promise<Observer> {
  const client = createHttpClient(connectionOf(kubeconfig));
  let lists = 0;
  const reader: Reader = {
    get: (...args) => client.get(...args),
    list(...args) {
      lists += 1;
      return client.list(...args);
    },
    watch: (...args) => client.watch(...args),
  };
  const informer = createInformer(reader, resource, { clock: systemClock, log: silentLog, select: { namespace } });
  const added: string[] = [];
  const nameOf = ({ metadata }: ApiObject) => metadata.name ?? '';
  informer.subscribe({ added: (object) => void added.push(nameOf(object)) });
  const stopping = new AbortController();
  const running = informer.run(stopping.signal);
  await informer.synced;
  return {
    ...{ informer, added },
    get lists() {
      return lists;
    },
    async stop() {
      stopping.abort();
      await running;
      client.close();
    },
  };
}

export interface KubectlWatch {
  /** Names as it printed them. */
  readonly names: readonly string[];
  /** Its exit code, once it has ended; undefined: it still watches. */
  readonly exitCode: number | null;
  stop(): Promise<void>;
}

/** `kubectl get RESOURCE -w -o name`; resolves when it has printed something. */
export async function kubectlWatch({ kubectlPath, environment }: Commands, resource: string): Promise<KubectlWatch> {
  const child = spawn(kubectlPath, ['get', resource, '-w', '-o', 'name'], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const names: string[] = [];
  const lines = createInterface(child.stdout);
  lines.on('line', (line) => names.push(line.slice(line.indexOf('/') + 1)));
  await Promise.race([once(lines, 'line'), ended]);
  return {
    names,
    get exitCode() {
      return child.exitCode;
    },
    async stop() {
      child.kill();
      await ended;
    },
  };
}
