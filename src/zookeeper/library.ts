// What we use of node-zookeeper-client below its public interface, typed. Checked against version 1.1.3.
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import type { Client } from 'node-zookeeper-client';
import type { ServerAddress } from './address.ts';

export interface Packet {
  readonly header: { readonly err: number };
  readonly payload: { readonly results: readonly OperationResult[] } | null;
}

export interface OperationResult {
  readonly type: number;
  readonly path?: string;
  readonly err?: number;
}

/** The library's ConnectionManager. Its handlers are looked up when a socket is made, so an instance can replace them. */
export interface ConnectionManager {
  servers: readonly ServerAddress[];
  socket: Socket | undefined;
  xid: number;
  zxid: Buffer;
  connectTimeoutHandler: NodeJS.Timeout | null;
  onSocketData: (bytes: Buffer) => void;
  onSocketClosed: () => void;
  onSocketError: (error: Error) => void;
  onSocketConnectTimeout: () => void;
  findNextServer: (callback: (server: ServerAddress) => void) => void;
  queue(request: object, callback: (error: Error | null, response?: Packet) => void): void;
}

export type InnerClient = Client & { readonly connectionManager: ConnectionManager };

type Operation = { readonly type: number; readonly path: string } & (
  | { readonly data: Buffer; readonly acls: readonly object[]; readonly mode: number }
  | { readonly data: Buffer; readonly version: number }
  | { readonly version: number }
);

interface Jute {
  readonly OP_CODES: Readonly<
    Record<'CREATE' | 'DELETE' | 'SET_DATA' | 'CHECK' | 'MULTI' | 'ERROR' | 'CLOSE_SESSION', number>
  >;
  readonly protocol: { readonly RequestHeader: new () => { type: number } };
  readonly Request: new (header: object, payload: object | null) => object;
  readonly TransactionRequest: new (operations: readonly Operation[]) => object;
}

const jute = createRequire(import.meta.url)('node-zookeeper-client/lib/jute') as Jute;

export const codes = jute.OP_CODES;

export type { Operation };

/** A transaction. The public `Transaction` has no way to say which operation failed, and throws at codes that it does not know. */
export function multiRequest(operations: readonly Operation[]): object {
  return new jute.Request(header(codes.MULTI), new jute.TransactionRequest(operations));
}

export function closeSessionRequest(): object {
  return new jute.Request(header(codes.CLOSE_SESSION), null);
}

function header(type: number): object {
  return Object.assign(new jute.protocol.RequestHeader(), { type });
}
