// Who waits on the main thread for answers and changes from the session's thread.
import type { News } from './messages.ts';
import { ZookeeperRefused, ZookeeperUnavailable } from './zookeeper.ts';

/** An answer to an order, as opposed to news that nobody asked for. */
export type Answer = Extract<News, { readonly id: number }>;

export interface Waiter {
  answer(news: Answer): void;
  /** No answer will come. */
  abandon(why: string): void;
}

export interface ThreadWaiters {
  nextId(): number;
  wait(id: number, waiter: Waiter): void;
  /** Calls `onChange` once: when the thread says so, or is gone. */
  watch(id: number, onChange: () => void): void;
  /** The read that was to set the watch failed. */
  unwatch(id: number): void;
  hear(news: Answer): void;
  /** The thread is gone. */
  abandonAll(why: string): void;
}

export function createThreadWaiters(): ThreadWaiters {
  const waiters = new Map<number, Waiter>();
  const watches = new Map<number, () => void>();
  let lastId = 0;

  const fire = (id: number) => {
    const onChange = watches.get(id);
    watches.delete(id);
    onChange?.();
  };

  return {
    nextId: () => ++lastId,
    wait: (id, waiter) => void waiters.set(id, waiter),
    watch: (id, onChange) => void watches.set(id, onChange),
    unwatch: (id) => void watches.delete(id),
    hear(news) {
      if (news.kind === 'changed') {
        fire(news.id);
        return;
      }
      const waiter = waiters.get(news.id);
      waiters.delete(news.id);
      waiter?.answer(news);
    },
    abandonAll(why) {
      const abandoned = [...waiters];
      waiters.clear();
      for (const [id, waiter] of abandoned) {
        watches.delete(id);
        waiter.abandon(why);
      }
      for (const id of [...watches.keys()]) fire(id);
    },
  };
}

/** What a read or `settle` rejects with. */
export function errorOf(news: Answer): Error {
  if (news.kind === 'refused') return new ZookeeperRefused(news.code, news.why);
  return unavailable(news.kind === 'unavailable' ? news.why : `an unexpected answer: ${news.kind}`);
}

export function unavailable(why: string): ZookeeperUnavailable {
  return new ZookeeperUnavailable(why.startsWith('ZooKeeper') ? why : `ZooKeeper cannot be asked: ${why}`);
}
