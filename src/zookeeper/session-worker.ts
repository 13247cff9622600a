// The worker thread of a session, seen from the main thread: started again when it dies, kept from holding the process.
import { Worker } from 'node:worker_threads';
import type { Clock } from '../lib/clock.ts';
import type { News, Order, ThreadOptions } from './messages.ts';

export interface SessionWorker {
  /** False: there is no thread now, and the order is forgotten. */
  post(order: Order, transfer?: readonly ArrayBuffer[]): boolean;
  /** While somebody waits, the process stays alive. Returns how to stop. */
  hold(): () => void;
  terminate(): Promise<void>;
}

export interface SessionWorkerOptions {
  readonly clock: Clock;
  /** For each thread anew. */
  threadOptions(): ThreadOptions;
  /** Before any other order. */
  onStarted(post: (order: Order) => void): void;
  onNews(news: News): void;
  /** Another is started after a second. */
  onDeath(why: string): void;
}

const restartAfterMs = 1000;

export function startSessionWorker(options: SessionWorkerOptions): SessionWorker {
  let holds = 0;
  let isTerminated = false;
  let worker: Worker | undefined;

  const start = () => {
    if (isTerminated) return;
    const next = new Worker(new URL('./session-thread.js', import.meta.url), {
      workerData: options.threadOptions(),
      name: 'zookeeper',
    });
    const died = (why: string) => {
      if (worker !== next || isTerminated) return;
      worker = undefined;
      options.clock.after(restartAfterMs, start);
      options.onDeath(why);
    };
    next.on('message', (news: News) => options.onNews(news));
    next.on('error', (error: unknown) => died(error instanceof Error ? (error.stack ?? error.message) : String(error)));
    next.on('exit', (code) => died(`it ended with code ${code}`));
    if (holds === 0) next.unref();
    worker = next;
    options.onStarted((order) => next.postMessage(order));
  };

  start();
  return {
    post(order, transfer = []) {
      if (!worker || isTerminated) return false;
      worker.postMessage(order, transfer);
      return true;
    },
    hold() {
      let isHeld = true;
      holds += 1;
      if (holds === 1) worker?.ref();
      return () => {
        if (!isHeld) return;
        isHeld = false;
        holds -= 1;
        if (holds === 0) worker?.unref();
      };
    },
    async terminate() {
      isTerminated = true;
      await worker?.terminate();
    },
  };
}
