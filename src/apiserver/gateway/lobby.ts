// Where agents wait that have said who they are, until this server leads: then they are let in without another round trip.
import { setImmediate } from 'node:timers/promises';
import type { ServerMessage } from '../../rpc/agent-protocol.ts';
import type { Turn } from './turn.ts';

export interface Lobby {
  /** The turn that agents are let into; undefined while this server does not lead. */
  readonly turn: Turn | undefined;
  /** Lets everybody in who waits, and who comes until `close`. */
  open(turn: Turn): void;
  close(): void;
  /** Where the leader is: told to those who wait and to those who come. Empty: nobody knows. */
  moved(gateways: readonly string[]): void;
  /**
   * Yields what a waiting agent is told; returns the turn that it is let into, undefined when `signal` aborts first. Of
   * one node only the newest waits.
   */
  wait(nodeName: string, signal: AbortSignal): AsyncGenerator<ServerMessage, Turn | undefined>;
  /** How many wait. */
  readonly size: number;
}

/** Let in at once; then the event loop gets to see what else there is. */
const admittedAtOnce = 32;

export function createLobby(): Lobby {
  /** How each waiting session is woken: to look again, or, with false, to leave for a newer one. */
  const waiting = new Map<string, (stays: boolean) => void>();
  let turn: Turn | undefined;
  let moved: { readonly gateways: readonly string[] } | undefined;

  const wakeAll = async () => {
    let woken = 0;
    for (const wake of [...waiting.values()]) {
      wake(true);
      woken += 1;
      if (woken % admittedAtOnce === 0) await setImmediate();
    }
  };

  /** Resolves when something changed; false when the place was taken by a newer session of the node. */
  const changed = (nodeName: string, signal: AbortSignal) =>
    new Promise<boolean>((resolve) => {
      waiting.get(nodeName)?.(false);
      const wake = (stays: boolean) => {
        if (waiting.get(nodeName) === wake) waiting.delete(nodeName);
        signal.removeEventListener('abort', onAbort);
        resolve(stays);
      };
      const onAbort = () => wake(true);
      waiting.set(nodeName, wake);
      signal.addEventListener('abort', onAbort);
    });

  async function* wait(nodeName: string, signal: AbortSignal): AsyncGenerator<ServerMessage, Turn | undefined> {
    let told: typeof moved;
    for (;;) {
      if (signal.aborted) return undefined;
      if (turn) return turn;
      if (moved && moved !== told) {
        told = moved;
        yield { moved };
      } else if (!(await changed(nodeName, signal))) return undefined;
    }
  }

  return {
    get turn() {
      return turn;
    },
    open(next) {
      turn = next;
      moved = undefined;
      void wakeAll();
    },
    close() {
      turn = undefined;
    },
    moved(gateways) {
      // Servers report how far they are every second: that is no news to a thousand agents.
      if (moved && gateways.join() === moved.gateways.join()) return;
      moved = gateways.length > 0 ? { gateways } : undefined;
      if (moved) void wakeAll();
    },
    wait,
    get size() {
      return waiting.size;
    },
  };
}
