// What every launcher can do with a bundle. The contract between agent and container monitor is files, so that either
// may die and be replaced.
import type { OverlayRoot } from '../../isolators/isolator.ts';
import type { ExecResult } from '../containerizer.ts';

/** One run of a container on disk. */
export interface Bundle {
  readonly id: string;
  readonly directory: string;
}

export interface CreateOrder extends Bundle {
  readonly logPath: string;
  readonly terminal: boolean;
  readonly stdin: boolean;
  readonly overlay: OverlayRoot | undefined;
}

export interface RecordedExit {
  /** 0–255. */
  readonly exitCode: number;
  readonly finishedAtMs: number;
}

export interface Launcher {
  readonly name: 'oci' | 'posix';
  /** Reads `config.json` of the bundle. Resolves to the host pid of a process that waits for `start`. */
  create(order: CreateOrder): Promise<number>;
  start(bundle: Bundle): Promise<void>;
  /** False while the process waits for `start`, and when nothing is known of it. */
  hasStarted(bundle: Bundle): Promise<boolean>;
  /** What the monitor wrote down; undefined before the end, or when the monitor was killed. */
  readExit(bundle: Bundle): Promise<RecordedExit | undefined>;
  /** Rejects when the command does not end in time; it is killed then. */
  exec(bundle: Bundle, command: readonly string[], timeoutMs: number): Promise<ExecResult>;
  /** The log file has been renamed: the monitor goes on in a new one. */
  reopenLog(bundle: Bundle): Promise<void>;
  /** Kills process and monitor, wherever in their life they are, and forgets the run. Idempotent. */
  destroy(bundle: Bundle): Promise<void>;
}

/** Written by the monitor. */
export const exitFile = 'state/exit';

/** Written by a monitor that lets the process go itself. */
export const startedFile = 'state/started';
