// The time of one session: what was done in it is void when it is over.
import type { Zookeeper } from '../../zookeeper/zookeeper.ts';

export interface SessionScope {
  /** For writes: in another session they are not sent. */
  readonly number: number;
  /** Aborts when the session is lost or replaced. */
  readonly ended: AbortSignal;
  /** Stops looking. */
  release(): void;
}

export function scopeOfSession(zookeeper: Zookeeper): SessionScope {
  const number = zookeeper.session;
  const controller = new AbortController();
  const look = () => {
    const { state } = zookeeper;
    if (zookeeper.session === number && state !== 'lost' && state !== 'closed') return;
    controller.abort(new Error(`the session with ZooKeeper is over: ${zookeeper.trouble || 'a new one has begun'}`));
  };
  const release = zookeeper.onChange(look);
  look();
  return { number, ended: controller.signal, release };
}
