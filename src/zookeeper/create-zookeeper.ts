// The safe session, as the main thread sees it. The session itself runs in a thread of its own (session-thread.ts).
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { describeZookeeper, type ZookeeperAddress } from './address.ts';
import { createLeaseMemory, createLeaseWriter, readLease, sharedMonotonicMs } from './lease.ts';
import { createPlace, type Place } from './place.ts';
import type { SessionStatus } from './session.ts';
import { openThreadPort, type ThreadPort } from './thread-port.ts';
import {
  ZookeeperRefused,
  ZookeeperUnavailable,
  type Stat,
  type WriteOutcome,
  type Znode,
  type Zookeeper,
} from './zookeeper.ts';

export interface ZookeeperOptions {
  readonly address: ZookeeperAddress;
  /** What the ensemble is asked for; it keeps to 2 to 20 of its ticks. */
  readonly sessionTimeoutMs: number;
  /** A real one: `monotonicMs` has to run with the machine's time. */
  readonly clock: Clock;
  readonly log: Log;
  /** After how long a main thread that does not answer loses its session. Default: 30 s, or three timeouts if longer. */
  readonly patienceMs?: number;
}

const leastPatienceMs = 30_000;

/** Begins to connect at once, and never gives up until `close`. */
export function createZookeeper(options: ZookeeperOptions): Zookeeper {
  const { address, sessionTimeoutMs, clock, log } = options;
  const lease = createLeaseMemory();
  const offsetMs = clockOffsetMs(clock);
  const listeners = new Set<() => void>();
  let isClosing = false;
  let status: SessionStatus = {
    state: 'connecting',
    trouble: 'not connected yet',
    session: 0,
    sessionId: '0',
    timeoutMs: sessionTimeoutMs,
    server: undefined,
  };

  const change = (next: SessionStatus) => {
    report(log, status, next);
    status = next;
    for (const listener of [...listeners]) listener();
  };
  const port = openThreadPort({
    clock,
    log,
    threadOptions: () => ({
      servers: address.servers,
      credentials: address.credentials,
      timeoutMs: sessionTimeoutMs,
      lastSession: status.session,
      lease,
      patienceMs: options.patienceMs ?? Math.max(leastPatienceMs, 3 * sessionTimeoutMs),
    }),
    onStatus: change,
    onDeath(why) {
      createLeaseWriter(lease).end();
      change({ ...status, state: 'lost', trouble: why, server: undefined });
      change({ ...status, state: 'connecting' });
    },
  });

  const zookeeper = {
    description: describeZookeeper(address),
    onChange(listener: () => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    connected: (signal: AbortSignal) => untilConnected(() => status, listeners, port, signal),
    ...operationsOf(port, createPlace(address.path)),
    keepSafe: (on: boolean) => port.keepSafe(on),
    moveOn: (why: string) => port.moveOn(why),
    servers: address.servers.length,
    close() {
      isClosing = true;
      return port.close();
    },
    get safeUntilMs() {
      return isClosing ? -Infinity : readLease(lease, status.session) + offsetMs;
    },
  };
  return withStatus(zookeeper, () => status);
}

/** The status' fields, each as it is when it is looked at. */
function withStatus<T extends object>(target: T, status: () => SessionStatus): T & SessionStatus {
  for (const name of ['state', 'trouble', 'session', 'sessionId', 'timeoutMs', 'server'] as const) {
    Object.defineProperty(target, name, { get: () => status()[name], enumerable: true });
  }
  return target as T & SessionStatus;
}

/** What to add to the shared clock to have `clock`'s time. Errs, by what passes in between, to the earlier side. */
function clockOffsetMs(clock: Clock): number {
  const local = clock.monotonicMs();
  return local - sharedMonotonicMs();
}

function report(log: Log, before: SessionStatus, after: SessionStatus): void {
  const { state, trouble, session, server } = after;
  if (before.state === state) return;
  const fields = { session, server, trouble };
  if (state === 'connected') log.info(fields, 'ZooKeeper: connected');
  else if (state === 'suspended' || state === 'lost') log.warn(fields, `ZooKeeper: ${state}`);
}

/** The state alone is not enough: for a while it stays `connected` while another server is looked for. */
async function untilConnected(
  status: () => SessionStatus,
  listeners: Set<() => void>,
  port: ThreadPort,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const release = port.hold();
  let stop: () => void = () => undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const look = () => {
        const { state, server } = status();
        if (state === 'connected' && server !== undefined) resolve();
        if (state === 'closed') reject(new ZookeeperUnavailable('the ZooKeeper session was closed'));
      };
      const onAbort = () => reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
      listeners.add(look);
      signal.addEventListener('abort', onAbort, { once: true });
      stop = () => {
        listeners.delete(look);
        signal.removeEventListener('abort', onAbort);
      };
      look();
    });
  } finally {
    stop();
    release();
  }
}

type Operations = Pick<Zookeeper, 'get' | 'exists' | 'children' | 'write' | 'settle' | 'ensurePath'>;

function operationsOf(port: ThreadPort, place: Place): Operations {
  return {
    async get(path, onChange) {
      return (await port.read({ op: 'get', path: place.absolute(path) }, onChange)) as Znode | undefined;
    },
    async exists(path, onChange) {
      return (await port.read({ op: 'exists', path: place.absolute(path) }, onChange)) as Stat | undefined;
    },
    async children(path, onChange) {
      const names = await port.read({ op: 'children', path: place.absolute(path) }, onChange);
      return names as readonly string[] | undefined;
    },
    async write(ops, session) {
      const checked = place.operations(ops);
      if (!('length' in checked)) return checked;
      const outcome = await port.write(checked, session);
      return outcome.kind === 'done' ? { ...outcome, paths: outcome.paths.map(place.relative) } : outcome;
    },
    settle: () => port.settle(),
    async ensurePath(path) {
      for (const step of place.lineage(path)) await ensureZnode(port, step);
    },
  };
}

async function ensureZnode(port: ThreadPort, path: string): Promise<void> {
  for (;;) {
    if ((await port.read({ op: 'exists', path }, undefined)) !== undefined) return;
    const outcome = await port.write([{ kind: 'create', path, data: new Uint8Array() }], undefined);
    if (outcome.kind === 'done' || isThere(outcome)) return;
    if (outcome.kind === 'refused') {
      throw new ZookeeperRefused(outcome.code, `cannot create the znode ${path}: ${outcome.code}`);
    }
    if (outcome.kind === 'unsent') throw new ZookeeperUnavailable(`cannot create the znode ${path}: ${outcome.why}`);
    await port.settle();
  }
}

function isThere(outcome: WriteOutcome): boolean {
  return outcome.kind === 'refused' && outcome.code === 'node-exists';
}
