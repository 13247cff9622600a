// An ensemble in memory, with the sessions of its clients: a tree of znodes, watches, and whatever can go wrong, on demand.
import {
  ZookeeperUnavailable,
  type RefusalCode,
  type SessionState,
  type Stat,
  type WriteOp,
  type WriteOutcome,
  type Zookeeper,
} from '../../src/zookeeper/zookeeper.ts';

/**
 * `unknown-done`, `unknown-lost`: the connection breaks, and the write was or was not done. `unsent` breaks nothing: what
 * is written next may well be done.
 */
export type Fault = 'unknown-done' | 'unknown-lost' | 'unsent' | 'refused';

export interface FakeZookeeper extends Zookeeper {
  /** Asked for every write, with its operations; what it returns becomes of the write. */
  fault: ((ops: readonly WriteOp[]) => Fault | undefined) | undefined;
  /** Writes called so far, in order. */
  readonly writes: readonly (readonly WriteOp[])[];
  /** Reads of the data of znodes that were under way at the same time, at most. */
  readonly mostReads: number;
  /** The ensemble cannot be asked until `reconnect`; watches fire. */
  disconnect(): void;
  /** In a new session after `expire`. */
  reconnect(): void;
  /** The session is over, and what it made ephemeral is gone. */
  expire(): void;
  /** Answers of writes wait until `release`; the writes themselves do not. */
  holdAnswers(): void;
  release(): void;
}

interface Node {
  data: Uint8Array;
  version: number;
  readonly createdBy: bigint;
  readonly owner: string;
  nextName: number;
}

export interface FakeEnsemble {
  readonly nodes: Map<string, Node>;
  connect(): FakeZookeeper;
}

interface Session {
  readonly id: string;
}

type Watch = { readonly kind: 'node' | 'children'; readonly path: string; readonly fire: () => void };

const parentOf = (path: string) => path.slice(0, Math.max(1, path.lastIndexOf('/')));

export function createFakeEnsemble(): FakeEnsemble {
  const root: Node = { data: new Uint8Array(), version: 0, createdBy: 0n, owner: '0', nextName: 0 };
  let nodes = new Map<string, Node>([['/', root]]);
  let transactions = 0n;
  let sessions = 0;
  const watches = new Set<Watch>();

  const namesUnder = (tree: ReadonlyMap<string, Node>, path: string) => {
    const prefix = path === '/' ? '/' : `${path}/`;
    const below = [...tree.keys()].filter((each) => each !== '/' && each.startsWith(prefix));
    return below.map((each) => each.slice(prefix.length)).filter((name) => !name.includes('/'));
  };

  const fire = (matching: (watch: Watch) => boolean) => {
    for (const watch of [...watches].filter(matching)) {
      watches.delete(watch);
      queueMicrotask(watch.fire);
    }
  };
  const changed = (path: string, isExistence: boolean) => {
    fire((watch) => watch.kind === 'node' && watch.path === path);
    if (isExistence)
      fire((watch) => watch.kind === 'children' && (watch.path === parentOf(path) || watch.path === path));
  };

  /** All or nothing, on a copy. */
  const commit = (ops: readonly WriteOp[], session: Session): WriteOutcome => {
    const copy = new Map([...nodes].map(([path, node]) => [path, { ...node }]));
    const touched: [string, boolean][] = [];
    const paths: string[] = [];
    transactions++;
    for (const [at, op] of ops.entries()) {
      const result = applyOp(copy, op, session, transactions, namesUnder);
      if ('code' in result) return { kind: 'refused', code: result.code, op: at };
      paths.push(op.kind === 'create' ? result.path : '');
      if (op.kind !== 'check') touched.push([result.path, op.kind !== 'set']);
    }
    nodes = copy;
    for (const [path, isExistence] of touched) changed(path, isExistence);
    return { kind: 'done', paths };
  };

  const expire = (session: Session) => {
    for (const [path, { owner }] of [...nodes]) {
      if (owner !== session.id) continue;
      nodes.delete(path);
      changed(path, true);
    }
  };

  const statOf = (path: string): Stat | undefined => {
    const node = nodes.get(path);
    if (!node) return undefined;
    const { version, createdBy, owner, data } = node;
    return { version, createdBy, owner, dataLength: data.length, children: namesUnder(nodes, path).length };
  };

  return {
    get nodes() {
      return nodes;
    },
    connect: () =>
      createClient({
        open: () => ({ id: (++sessions).toString(16) }),
        commit,
        expire,
        watches,
        stat: statOf,
        data: (path) => nodes.get(path)?.data,
        names: (path) => (nodes.has(path) ? namesUnder(nodes, path) : undefined),
      }),
  };
}

function applyOp(
  tree: Map<string, Node>,
  op: WriteOp,
  session: Session,
  transaction: bigint,
  namesUnder: (tree: ReadonlyMap<string, Node>, path: string) => readonly string[],
): { path: string } | { code: RefusalCode } {
  const node = tree.get(op.path);
  if (op.kind === 'create') {
    const parent = tree.get(parentOf(op.path));
    if (!parent) return { code: 'no-node' };
    const path = op.sequential ? op.path + String(parent.nextName).padStart(10, '0') : op.path;
    if (tree.has(path)) return { code: 'node-exists' };
    parent.nextName++;
    const owner = op.ephemeral ? session.id : '0';
    tree.set(path, { data: op.data, version: 0, createdBy: transaction, owner, nextName: 0 });
    return { path };
  }
  if (!node) return { code: 'no-node' };
  // As the client library: version 0 is not checked.
  if (op.version && op.version !== node.version) return { code: 'bad-version' };
  if (op.kind === 'set') {
    node.data = op.data;
    node.version++;
  }
  if (op.kind === 'delete') {
    if (namesUnder(tree, op.path).length > 0) return { code: 'not-empty' };
    tree.delete(op.path);
  }
  return { path: op.path };
}

interface Backend {
  open(): Session;
  commit(ops: readonly WriteOp[], session: Session): WriteOutcome;
  expire(session: Session): void;
  readonly watches: Set<Watch>;
  stat(path: string): Stat | undefined;
  data(path: string): Uint8Array | undefined;
  names(path: string): readonly string[] | undefined;
}

function createClient(backend: Backend): FakeZookeeper {
  const listeners = new Set<() => void>();
  const own = new Set<Watch>();
  const writes: (readonly WriteOp[])[] = [];
  let session = backend.open();
  let number = 1;
  let state: SessionState = 'connected';
  let isReachable = true;
  let reads = 0;
  let mostReads = 0;
  let gate: Promise<void> | undefined;
  let openGate: () => void = () => undefined;

  const notify = () => {
    for (const listener of [...listeners]) listener();
  };
  const dropWatches = () => {
    for (const watch of own) {
      backend.watches.delete(watch);
      queueMicrotask(watch.fire);
    }
    own.clear();
  };
  const breakConnection = () => {
    isReachable = false;
    dropWatches();
  };
  const become = (next: SessionState) => {
    state = next;
    notify();
  };
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  const reachable = () => isReachable;
  const unavailable = () => new ZookeeperUnavailable('the fake ensemble cannot be asked');

  const ask = async <T>(answer: () => T): Promise<T> => {
    if (!isReachable) throw unavailable();
    mostReads = Math.max(mostReads, ++reads);
    try {
      await turn();
      if (!reachable()) throw unavailable();
      return answer();
    } finally {
      reads--;
    }
  };
  const watch = (kind: Watch['kind'], path: string, onChange: (() => void) | undefined) => {
    if (!onChange) return;
    const added = { kind, path, fire: onChange };
    own.add(added);
    backend.watches.add(added);
  };
  /** In order, at the time of the call; only the answer takes its time. */
  const outcomeOf = (ops: readonly WriteOp[], within: number | undefined): WriteOutcome => {
    if (!isReachable || (within !== undefined && within !== number)) return { kind: 'unsent', why: 'not connected' };
    const fault = fake.fault?.(ops);
    if (fault === 'refused') return { kind: 'refused', code: 'no-authority', op: ops.length - 1 };
    if (fault === undefined) return backend.commit(ops, session);
    if (fault === 'unsent') return { kind: fault, why: 'injected' };
    if (fault === 'unknown-done') backend.commit(ops, session);
    breakConnection();
    // The connection is there again at once, unless somebody said otherwise.
    setImmediate(() => {
      if (state === 'connected') isReachable = true;
    });
    return { kind: 'unknown', why: 'injected' };
  };

  const fake: FakeZookeeper = {
    description: 'zk://fake:2181/tepui',
    fault: undefined,
    writes,
    get mostReads() {
      return mostReads;
    },
    get state() {
      return state;
    },
    get trouble() {
      return state === 'connected' ? '' : 'the test said so';
    },
    get session() {
      return number;
    },
    get sessionId() {
      return session.id;
    },
    timeoutMs: 6000,
    get server() {
      return isReachable ? 'fake:2181' : undefined;
    },
    get safeUntilMs() {
      return isReachable ? Number.POSITIVE_INFINITY : 0;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    connected(signal) {
      return new Promise((resolve, reject) => {
        const stop = fake.onChange(() => look());
        const end = (settle: () => void) => {
          stop();
          signal.removeEventListener('abort', aborted);
          settle();
        };
        const aborted = () => end(() => reject(signal.reason as Error));
        const look = () => {
          if (state === 'connected') end(resolve);
        };
        if (signal.aborted) aborted();
        else {
          signal.addEventListener('abort', aborted);
          look();
        }
      });
    },
    get: (path, onChange) =>
      ask(() => {
        watch('node', path, onChange);
        const [data, stat] = [backend.data(path), backend.stat(path)];
        return data && stat ? { data, stat } : undefined;
      }),
    exists: (path, onChange) =>
      ask(() => {
        watch('node', path, onChange);
        return backend.stat(path);
      }),
    children: (path, onChange) =>
      ask(() => {
        watch('children', path, onChange);
        return backend.names(path);
      }),
    async write(ops, within) {
      writes.push(ops);
      const outcome = outcomeOf(ops, within);
      await turn();
      await gate;
      return outcome;
    },
    settle: () => ask(() => undefined),
    async ensurePath(path) {
      const names = path.split('/').filter((name) => name !== '');
      for (const [at] of names.entries()) {
        const parent = `/${names.slice(0, at + 1).join('/')}`;
        await fake.write([{ kind: 'create', path: parent, data: new Uint8Array() }]);
      }
    },
    keepSafe: () => undefined,
    moveOn: () => undefined,
    servers: 1,
    close() {
      backend.expire(session);
      breakConnection();
      become('closed');
      return Promise.resolve();
    },
    disconnect() {
      breakConnection();
      become('suspended');
    },
    reconnect() {
      if (state === 'lost') {
        session = backend.open();
        number++;
      }
      isReachable = true;
      become('connected');
    },
    expire() {
      backend.expire(session);
      breakConnection();
      become('lost');
    },
    holdAnswers() {
      gate = new Promise((resolve) => (openGate = resolve));
    },
    release() {
      openGate();
      gate = undefined;
    },
  };
  return fake;
}
