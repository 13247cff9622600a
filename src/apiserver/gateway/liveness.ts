// Who has been heard of, in memory: heartbeats cost no write, only silence and return do.
import type { Clock, Timer } from '../../lib/clock.ts';

export interface Liveness {
  /** A sign of life; also begins the watch over a node. */
  heard(nodeName: string): void;
  /** Begins the watch, from now, over a node that has not spoken yet. */
  expect(nodeName: string): void;
  forget(nodeName: string): void;
  stop(): void;
}

export interface LivenessOptions {
  readonly clock: Clock;
  /** Silence for this long is a loss. */
  readonly graceMs: number;
  readonly onLost: (nodeName: string) => void;
  /** A lost node was heard of again. */
  readonly onReturn: (nodeName: string) => void;
}

interface Watched {
  heardAtMs: number;
  isLost: boolean;
  timer: Timer | undefined;
}

export function createLiveness({ clock, graceMs, onLost, onReturn }: LivenessOptions): Liveness {
  const nodes = new Map<string, Watched>();

  /** The timer is not moved at each heartbeat: when it fires early it is set again for the rest. */
  const watch = (nodeName: string, watched: Watched, delayMs: number) => {
    watched.timer = clock.after(delayMs, () => {
      const leftMs = watched.heardAtMs + graceMs - clock.monotonicMs();
      if (leftMs > 0) {
        watch(nodeName, watched, leftMs);
        return;
      }
      watched.timer = undefined;
      watched.isLost = true;
      onLost(nodeName);
    });
  };
  const begin = (nodeName: string): Watched => {
    const watched: Watched = { heardAtMs: clock.monotonicMs(), isLost: false, timer: undefined };
    nodes.set(nodeName, watched);
    watch(nodeName, watched, graceMs);
    return watched;
  };

  return {
    heard(nodeName) {
      const watched = nodes.get(nodeName) ?? begin(nodeName);
      watched.heardAtMs = clock.monotonicMs();
      if (!watched.isLost) return;
      watched.isLost = false;
      watch(nodeName, watched, graceMs);
      onReturn(nodeName);
    },
    expect(nodeName) {
      if (!nodes.has(nodeName)) begin(nodeName);
    },
    forget(nodeName) {
      nodes.get(nodeName)?.timer?.cancel();
      nodes.delete(nodeName);
    },
    stop() {
      for (const watched of nodes.values()) watched.timer?.cancel();
      nodes.clear();
    },
  };
}
