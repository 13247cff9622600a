// The main thread's end of the line to the session's thread: who waits for which answer, and a new thread if one dies.
import { Worker } from 'node:worker_threads';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { ReadRequest, ReadValue } from './connection.ts';
import type { News, Order, ThreadOptions } from './messages.ts';
import type { SessionStatus } from './session.ts';
import { ZookeeperRefused, ZookeeperUnavailable, type WriteOp, type WriteOutcome } from './zookeeper.ts';

export interface ThreadPort {
  read(request: ReadRequest, onChange: (() => void) | undefined): Promise<ReadValue>;
  write(ops: readonly WriteOp[], session: number | undefined): Promise<WriteOutcome>;
  settle(): Promise<void>;
  keepSafe(on: boolean): void;
  /** Ends the session, and then the thread. */
  close(): Promise<void>;
  /** While somebody waits, the process stays alive. Returns how to stop. */
  hold(): () => void;
}

export interface ThreadPortOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** For each thread anew. */
  threadOptions(): ThreadOptions;
  onStatus(status: SessionStatus): void;
  /** The thread died; another is started after a second. */
  onDeath(why: string): void;
}

interface Waiter {
  answer(news: News): void;
  /** No answer will come. */
  abandon(why: string): void;
}

const restartAfterMs = 1000;

export function openThreadPort(options: ThreadPortOptions): ThreadPort {
  const waiters = new Map<number, Waiter>();
  const watches = new Map<number, () => void>();
  let lastId = 0;
  let holds = 0;
  let isKeptSafe = false;
  let isClosed = false;
  let worker: Worker | undefined;

  const hold = () => {
    holds += 1;
    if (holds === 1) worker?.ref();
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      holds -= 1;
      if (holds === 0) worker?.unref();
    };
  };

  const hear = (news: News) => {
    if (news.kind === 'status') options.onStatus(news.status);
    else if (news.kind === 'alive?') worker?.postMessage({ kind: 'alive' } satisfies Order);
    else if (news.kind === 'changed') fire(news.id);
    else {
      const waiter = waiters.get(news.id);
      waiters.delete(news.id);
      waiter?.answer(news);
    }
  };
  const fire = (id: number) => {
    const onChange = watches.get(id);
    watches.delete(id);
    onChange?.();
  };
  const died = (why: string) => {
    if (isClosed) return;
    worker = undefined;
    options.log.error({ why }, "the thread of the ZooKeeper session ended; the session's place is lost");
    options.onDeath(why);
    const abandoned = [...waiters.values()];
    waiters.clear();
    for (const waiter of abandoned) waiter.abandon(why);
    for (const id of [...watches.keys()]) fire(id);
    options.clock.after(restartAfterMs, start);
  };
  const start = () => {
    if (isClosed) return;
    const next = startWorker(options.threadOptions(), hear, (why) => {
      if (worker === next) died(why);
    });
    worker = next;
    if (holds === 0) next.unref();
    next.postMessage({ kind: 'keep-safe', on: isKeptSafe } satisfies Order);
  };

  /** Sends an order and waits for its answer. */
  const ask = (order: Order & { id: number }, waiter: Waiter, transfer: readonly ArrayBuffer[] = []) => {
    if (!worker) {
      waiter.abandon('the thread of the session is being started again');
      return;
    }
    const release = hold();
    const released = (act: () => void) => {
      release();
      act();
    };
    waiters.set(order.id, {
      answer: (news) => released(() => waiter.answer(news)),
      abandon: (why) => released(() => waiter.abandon(why)),
    });
    worker.postMessage(order, transfer);
  };

  start();
  return {
    hold,
    read(request, onChange) {
      const id = ++lastId;
      return new Promise((resolve, reject) => {
        if (onChange) watches.set(id, onChange);
        ask(
          { kind: 'read', id, request, watch: onChange !== undefined },
          {
            answer(news) {
              if (news.kind === 'value') resolve(news.value);
              else {
                watches.delete(id);
                reject(errorOf(news));
              }
            },
            abandon(why) {
              watches.delete(id);
              reject(new ZookeeperUnavailable(`ZooKeeper cannot be asked: ${why}`));
            },
          },
        );
      });
    },
    write(ops, session) {
      return new Promise((resolve) => {
        const wasThere = worker !== undefined;
        ask(
          { kind: 'write', id: ++lastId, ops, session },
          {
            answer: (news) => resolve(news.kind === 'outcome' ? news.outcome : { kind: 'unknown', why: news.kind }),
            abandon: (why) => resolve({ kind: wasThere ? 'unknown' : 'unsent', why }),
          },
          ops.flatMap((op) => ('data' in op ? [op.data.buffer as ArrayBuffer] : [])),
        );
      });
    },
    settle() {
      return new Promise((resolve, reject) => {
        ask(
          { kind: 'settle', id: ++lastId },
          {
            answer: (news) => (news.kind === 'done' ? resolve() : reject(errorOf(news))),
            abandon: (why) => reject(new ZookeeperUnavailable(`ZooKeeper cannot be asked: ${why}`)),
          },
        );
      });
    },
    keepSafe(on) {
      isKeptSafe = on;
      worker?.postMessage({ kind: 'keep-safe', on } satisfies Order);
    },
    async close() {
      if (isClosed) return;
      await new Promise<void>((resolve) => {
        ask({ kind: 'close', id: ++lastId }, { answer: () => resolve(), abandon: () => resolve() });
      });
      isClosed = true;
      await worker?.terminate();
    },
  };
}

function startWorker(options: ThreadOptions, hear: (news: News) => void, died: (why: string) => void): Worker {
  const worker = new Worker(new URL('./session-thread.js', import.meta.url), {
    workerData: options,
    name: 'zookeeper',
  });
  worker.on('message', hear);
  worker.on('error', (error: unknown) => died(error instanceof Error ? (error.stack ?? error.message) : String(error)));
  worker.on('exit', (code) => died(`it ended with code ${code}`));
  return worker;
}

function errorOf(news: News): Error {
  if (news.kind === 'refused') return new ZookeeperRefused(news.code, news.why);
  return new ZookeeperUnavailable(news.kind === 'unavailable' ? news.why : `an unexpected answer: ${news.kind}`);
}
