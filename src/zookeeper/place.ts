// Paths within the connection string's path and in the ensemble; what can be refused without asking.
import { invalidPath } from './address.ts';
import type { Decision } from './connection.ts';
import { ZookeeperRefused, type WriteOp } from './zookeeper.ts';

/** ZooKeeper's default of `jute.maxbuffer`, for a whole request. A server that gets more closes the connection. */
export const maxRequestBytes = 0xf_ffff;
/** Generous: headers, version, flags and list of rights of one operation. */
const operationBytes = 128;

export interface Place {
  /** Throws ZookeeperRefused when it is not a path. */
  absolute(path: string): string;
  /** Of a path that the ensemble made of one of ours; empty stays empty. */
  readonly relative: (absolutePath: string) => string;
  /** With absolute paths; or why the ensemble need not be asked. Contents are copied: exactly once, into memory of their own. */
  operations(ops: readonly WriteOp[]): readonly WriteOp[] | Decision;
  /** The connection string's path and its parents, outermost first, and then those of a path within it. */
  lineage(path: string): readonly string[];
}

export function createPlace(root: string): Place {
  const join = (path: string) => (path === '/' ? root : root + path);
  const absolute = (path: string) => {
    const bad = invalidPath(path);
    if (bad !== undefined) throw new ZookeeperRefused('invalid', `"${path}" is no path of a znode: ${bad}`);
    return join(path);
  };
  return {
    absolute,
    relative: (path) => path.slice(root.length),
    operations(ops) {
      const bad = ops.findIndex((op) => invalidPath(op.path) !== undefined || !isVersion(op));
      if (bad !== -1) return { kind: 'refused', code: 'invalid', op: bad };
      const tooFar = firstBeyond(ops, maxRequestBytes);
      if (tooFar !== -1) return { kind: 'refused', code: 'invalid', op: tooFar };
      return ops.map((op) => ownData({ ...op, path: join(op.path) }));
    },
    lineage(path) {
      const names = absolute(path).slice(1).split('/');
      return names.map((_, index) => `/${names.slice(0, index + 1).join('/')}`);
    },
  };
}

/** Version 0 is refused, as the library would take it for "any". */
function isVersion(op: WriteOp): boolean {
  if (op.kind === 'create' || op.version === undefined) return true;
  return Number.isSafeInteger(op.version) && op.version >= 1;
}

function firstBeyond(ops: readonly WriteOp[], limit: number): number {
  let total = 0;
  return ops.findIndex((op) => {
    total += operationBytes + Buffer.byteLength(op.path) + ('data' in op ? op.data.byteLength : 0);
    return total > limit;
  });
}

/** A view into a larger buffer would travel to the other thread with all of that buffer. */
function ownData(op: WriteOp): WriteOp {
  return 'data' in op ? { ...op, data: new Uint8Array(op.data) } : op;
}
