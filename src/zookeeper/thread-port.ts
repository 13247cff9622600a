// The main thread's end of the line to the session's thread: orders as promises.
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { ReadRequest, ReadValue } from './connection.ts';
import type { Order, ThreadOptions } from './messages.ts';
import { startSessionWorker, type SessionWorker } from './session-worker.ts';
import type { SessionStatus } from './session.ts';
import { createThreadWaiters, errorOf, unavailable, type Answer, type ThreadWaiters } from './thread-waiters.ts';
import type { WriteOp, WriteOutcome } from './zookeeper.ts';

export interface ThreadPort {
  read(request: ReadRequest, onChange: (() => void) | undefined): Promise<ReadValue>;
  write(ops: readonly WriteOp[], session: number | undefined): Promise<WriteOutcome>;
  settle(): Promise<void>;
  keepSafe(on: boolean): void;
  moveOn(why: string): void;
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

/** How an order ended: with an answer, or without one that could come. `wasSent` is false when it never left. */
type End = { readonly news: Answer } | { readonly news?: undefined; readonly why: string; readonly wasSent: boolean };

export function openThreadPort(options: ThreadPortOptions): ThreadPort {
  const waiters = createThreadWaiters();
  let isKeptSafe = false;
  let closing: Promise<void> | undefined;
  const worker = startSessionWorker({
    clock: options.clock,
    threadOptions: () => options.threadOptions(),
    onStarted: (post) => post({ kind: 'keep-safe', on: isKeptSafe }),
    onNews(news) {
      if (news.kind === 'status') options.onStatus(news.status);
      else if (news.kind === 'alive?') worker.post({ kind: 'alive' });
      else waiters.hear(news);
    },
    onDeath(why) {
      options.log.error({ why }, "the thread of the ZooKeeper session ended; the session's place is lost");
      options.onDeath(why);
      waiters.abandonAll('the thread of the session ended');
    },
  });

  const ask = createAsk(worker, waiters, () => closing !== undefined);
  const end = async () => {
    await ask({ kind: 'close', id: waiters.nextId() });
    await worker.terminate();
    waiters.abandonAll('the session was closed');
  };

  return {
    hold: () => worker.hold(),
    async read(request, onChange) {
      const id = waiters.nextId();
      if (onChange) waiters.watch(id, onChange);
      const ended = await ask({ kind: 'read', id, request, watch: onChange !== undefined });
      if (ended.news?.kind === 'value') return ended.news.value;
      waiters.unwatch(id);
      throw ended.news ? errorOf(ended.news) : unavailable(ended.why);
    },
    async write(ops, session) {
      const contents = ops.flatMap((op) => ('data' in op ? [op.data.buffer as ArrayBuffer] : []));
      const ended = await ask({ kind: 'write', id: waiters.nextId(), ops, session }, contents);
      if (!ended.news) return { kind: ended.wasSent ? 'unknown' : 'unsent', why: ended.why };
      return ended.news.kind === 'outcome' ? ended.news.outcome : { kind: 'unknown', why: ended.news.kind };
    },
    async settle() {
      const ended = await ask({ kind: 'settle', id: waiters.nextId() });
      if (ended.news?.kind === 'done') return;
      throw ended.news ? errorOf(ended.news) : unavailable(ended.why);
    },
    keepSafe(on) {
      isKeptSafe = on;
      worker.post({ kind: 'keep-safe', on });
    },
    moveOn: (why) => void worker.post({ kind: 'move-on', why }),
    close: () => (closing ??= end()),
  };
}

type Ask = (order: Order & { readonly id: number }, transfer?: readonly ArrayBuffer[]) => Promise<End>;

function createAsk(worker: SessionWorker, waiters: ThreadWaiters, isClosed: () => boolean): Ask {
  return (order, transfer) => {
    if (!worker.post(order, transfer)) {
      const why = isClosed() ? 'the session was closed' : 'its thread is being started again';
      return Promise.resolve({ why, wasSent: false });
    }
    const release = worker.hold();
    return new Promise((resolve) => {
      const end = (how: End) => {
        release();
        resolve(how);
      };
      waiters.wait(order.id, {
        answer: (news) => end({ news }),
        abandon: (why) => end({ why, wasSent: true }),
      });
    });
  };
}
