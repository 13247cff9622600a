// Waiting for the ensemble: what is done again, after which pause, and when it is given up.
import { sleep, type Clock } from '../../lib/clock.ts';
import { ZookeeperUnavailable, type Zookeeper } from '../../zookeeper/zookeeper.ts';
import { JournalUnavailable, type JournalPlace } from '../journal-errors.ts';

export interface Patience {
  /** Whether a session still counts for the ensemble, as far as we know. */
  isAlive(session: number): boolean;
  /**
   * Waits until the ensemble can be asked within this session, at least for a moment. Rejects with JournalUnavailable
   * when the session is lost first, or the medium closed.
   */
  forSession(session: number): Promise<void>;
  /** Waits for the ensemble, in whichever session. Rejects when the signal aborts or the medium is closed. */
  forAny(signal: AbortSignal): Promise<void>;
  /** Does something as often as the ensemble is away, in whichever session. Rejects as `forAny` does. */
  always<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
  /**
   * Does something that changes nothing, as often as the connection breaks under it, within the present session.
   * Rejects with JournalUnavailable when that is lost.
   */
  read<T>(work: () => Promise<T>, session?: number): Promise<T>;
}

/** Before asking again: a connection that breaks at once must not keep us busy. */
const pauseMs = 10;

/** @param closed aborts when the medium is closed */
export function createPatience(zookeeper: Zookeeper, place: JournalPlace, clock: Clock, closed: AbortSignal): Patience {
  const isAlive = (session: number) =>
    zookeeper.session === session && (zookeeper.state === 'connected' || zookeeper.state === 'suspended');

  const lost = () => {
    const why = closed.aborted ? 'it was closed' : `the session was lost (${zookeeper.trouble || 'a new one began'})`;
    return new JournalUnavailable(`${place.description} cannot be used: ${why}`);
  };

  const forSession = async (session: number) => {
    const over = new AbortController();
    const look = () => {
      if (!isAlive(session)) over.abort();
    };
    const stop = zookeeper.onChange(look);
    look();
    const signal = AbortSignal.any([over.signal, closed]);
    try {
      await sleep(clock, pauseMs, signal);
      await zookeeper.connected(signal);
      signal.throwIfAborted();
    } catch (cause) {
      throw Object.assign(lost(), { cause });
    } finally {
      stop();
    }
  };

  const forAny = async (given: AbortSignal) => {
    const signal = AbortSignal.any([given, closed]);
    await sleep(clock, pauseMs, signal);
    await zookeeper.connected(signal);
  };

  return {
    isAlive,
    forSession,
    forAny,
    async always(work, signal) {
      for (;;) {
        try {
          return await work();
        } catch (error) {
          if (!(error instanceof ZookeeperUnavailable)) throw error;
          await forAny(signal);
        }
      }
    },
    async read(work, session = zookeeper.session) {
      for (;;) {
        if (closed.aborted || !isAlive(session)) throw lost();
        try {
          return await work();
        } catch (error) {
          if (!(error instanceof ZookeeperUnavailable)) throw error;
          await forSession(session);
        }
      }
    },
  };
}
