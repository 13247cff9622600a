// The system under test, as the nemesis and the observers see it: processes with their places in the network.
import type { ManagedProcess } from './managed-process.ts';
import type { Network, NetworkHost } from './network.ts';
import type { WallClock } from './wall-clock.ts';

export interface Member {
  readonly name: string;
  readonly process: ManagedProcess;
  /** Undefined: all share the machine's network, and nothing can be cut. */
  readonly host: NetworkHost | undefined;
  /** Undefined: its clock cannot be made to jump. */
  readonly clock: WallClock | undefined;
}

export interface Server extends Member {
  /** Written by the server at its start. */
  readonly kubeconfig: string;
}

export interface System {
  readonly servers: readonly Server[];
  readonly zookeepers: readonly Member[];
  readonly agents: readonly (Member & { readonly nodeName: string; readonly logFile: string })[];
  readonly network: Network | undefined;
  /** Flags of `tepui journal` that say where it lies; undefined: it cannot be read while the system runs. */
  readonly journal: readonly string[] | undefined;
  /** Stops everything, removes what was made outside the run's folder, and leaves no process behind. */
  destroy(): Promise<void>;
}
