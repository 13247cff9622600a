// Our operations and answers in the library's terms, and back.
import zookeeper from 'node-zookeeper-client';
import type { Stat as LibraryStat } from 'node-zookeeper-client';
import type { Decision } from './connection.ts';
import { codes, type Operation, type OperationResult } from './library.ts';
import type { RefusalCode, Stat, WriteOp } from './zookeeper.ts';

const { CreateMode, Exception } = zookeeper;
// The types of the library leave them out.
const acls = zookeeper.ACL as unknown as Record<'CREATOR_ALL_ACL' | 'OPEN_ACL_UNSAFE', readonly object[]>;

const anyVersion = -1;

/** Codes of ZooKeeper that the library has no names for. */
export const sessionMoved = -118;
const sessionExpired = -112;
const connectionLoss = -4;

/** The answer says nothing about the request, but that this connection is of no use. */
export function endsConnection(code: number): boolean {
  return code === sessionMoved || code === sessionExpired || code === connectionLoss;
}

export function toOperation(op: WriteOp, hasCredentials: boolean): Operation {
  switch (op.kind) {
    case 'create':
      return {
        type: codes.CREATE,
        path: op.path,
        data: asBuffer(op.data),
        acls: hasCredentials ? acls.CREATOR_ALL_ACL : acls.OPEN_ACL_UNSAFE,
        mode: createMode(op.ephemeral ?? false, op.sequential ?? false),
      };
    case 'set':
      return { type: codes.SET_DATA, path: op.path, data: asBuffer(op.data), version: op.version ?? anyVersion };
    case 'delete':
      return { type: codes.DELETE, path: op.path, version: op.version ?? anyVersion };
    case 'check':
      return { type: codes.CHECK, path: op.path, version: op.version ?? anyVersion };
  }
}

function createMode(isEphemeral: boolean, isSequential: boolean): number {
  if (isEphemeral) return isSequential ? CreateMode.EPHEMERAL_SEQUENTIAL : CreateMode.EPHEMERAL;
  return isSequential ? CreateMode.PERSISTENT_SEQUENTIAL : CreateMode.PERSISTENT;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function refusalOf(code: number): RefusalCode {
  switch (code) {
    case Exception.NO_NODE:
      return 'no-node';
    case Exception.NODE_EXISTS:
      return 'node-exists';
    case Exception.BAD_VERSION:
      return 'bad-version';
    case Exception.NOT_EMPTY:
      return 'not-empty';
    case Exception.NO_AUTH:
      return 'no-authority';
    default:
      return 'invalid';
  }
}

/**
 * In a transaction that was refused, operations before the one that failed have code 0, those after it
 * RUNTIME_INCONSISTENCY.
 */
export function decisionOf(results: readonly OperationResult[]): Decision {
  const failed = results.findIndex((result) => errorOf(result) !== 0);
  const found = results[failed];
  if (found) return { kind: 'refused', code: refusalOf(errorOf(found)), op: failed };
  return { kind: 'done', paths: results.map((result) => result.path ?? '') };
}

export function errorOf(result: OperationResult): number {
  return result.type === codes.ERROR ? (result.err ?? 0) : 0;
}

export function toStat(stat: LibraryStat): Stat {
  const owner = stat.ephemeralOwner;
  return {
    version: stat.version,
    createdBy: stat.czxid.readBigInt64BE(),
    owner: owner.readBigUInt64BE().toString(16),
    dataLength: stat.dataLength,
    children: stat.numChildren,
  };
}
