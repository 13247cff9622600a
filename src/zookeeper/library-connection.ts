// One connection by one client of node-zookeeper-client, whose own reconnecting, framing and forgiveness are taken out:
// once it is over, nothing of it can reach the ensemble or us.
import zookeeper from 'node-zookeeper-client';
import { describeServer, type Credentials } from './address.ts';
import type { Connection, ConnectionEvents, Dial, DialTarget, GrantedSession, ReadAnswer } from './connection.ts';
import { createFrameCutter } from './frames.ts';
import { closeSessionRequest, multiRequest, type ConnectionManager, type InnerClient, type Packet } from './library.ts';
import { decisionOf, endsConnection, errorOf, refusalOf, toOperation, toStat } from './operations.ts';

const { Exception, State } = zookeeper;

/** Dials servers by their addresses; every connection authenticates itself first of all when credentials are given. */
export function createDial(credentials: Credentials | undefined): Dial {
  return (target, events) => dial(target, events, credentials);
}

interface Line {
  readonly client: InnerClient;
  readonly manager: ConnectionManager;
  readonly hasCredentials: boolean;
  isOver: boolean;
  lastSeen: bigint;
  /** Ends the connection and reports why. */
  fail(why: string): void;
}

function dial(target: DialTarget, events: ConnectionEvents, credentials: Credentials | undefined): Connection {
  const client = createClient(target);
  const manager = client.connectionManager;
  const line: Line = {
    client,
    manager,
    hasCredentials: credentials !== undefined,
    isOver: false,
    lastSeen: target.lastSeen,
    fail(why) {
      if (line.isOver) return;
      end(line);
      events.onClosed(why);
    },
  };
  manager.zxid = bigEndian(target.lastSeen);
  receive(line, target);
  client.on('state', (state) => {
    if (line.isOver) return;
    if (state === State.SYNC_CONNECTED) events.onOpen(grantedTo(client));
    if (state === State.EXPIRED) {
      end(line);
      events.onExpired();
    }
    if (state === State.AUTH_FAILED) line.fail('the server refused the credentials');
  });
  if (credentials) {
    client.addAuthInfo('digest', Buffer.from(`${credentials.user}:${credentials.password}`));
  }
  client.connect();
  return createConnection(line);
}

function createClient({ server, timeoutMs, key }: DialTarget): InnerClient {
  const resumed = key && { sessionId: Buffer.from(key.id), sessionPassword: Buffer.from(key.password) };
  // The library's parser knows no IPv6; it gets a server of its own, and then the real one.
  const options = { sessionTimeout: timeoutMs, ...resumed };
  const client = zookeeper.createClient('server:2181', options) as InnerClient;
  client.connectionManager.servers = [server];
  client.connectionManager.findNextServer = (callback) => callback(server);
  return client;
}

function grantedTo(client: InnerClient): GrantedSession {
  return {
    key: { id: client.getSessionId(), password: client.getSessionPassword() },
    timeoutMs: client.getSessionTimeout(),
  };
}

/** Replaces what the library does with bytes, errors and the end of the socket. */
function receive(line: Line, target: DialTarget): void {
  const { manager } = line;
  const parse = manager.onSocketData.bind(manager);
  const cutter = createFrameCutter();
  let why = 'the server closed the connection';
  let isOpen = false;
  manager.onSocketData = (bytes) => {
    try {
      for (const frame of cutter.add(bytes)) {
        if (line.isOver) return;
        if (isOpen) note(line, frame);
        isOpen = true;
        parse(frame);
      }
    } catch (error) {
      line.fail(`an answer could not be understood: ${messageOf(error)}`);
    }
  };
  manager.onSocketError = (error) => {
    why = error.message === '' ? `cannot connect to ${describeServer(target.server)}` : error.message;
  };
  manager.onSocketClosed = () => line.fail(why);
  // Deadlines are the session's.
  manager.onSocketConnectTimeout = () => undefined;
}

const header = { xid: 4, zxid: 8, code: 16, bytes: 20 };

/** Remembers the newest transaction; gives codes that the library has no name for, and would throw at, one that it has. */
function note(line: Line, frame: Buffer): void {
  if (frame.length < header.bytes) return;
  const seen = frame.readBigInt64BE(header.zxid);
  if (seen > line.lastSeen) line.lastSeen = seen;
  const code = frame.readInt32BE(header.code);
  if (code === 0) return;
  // Pings and the like have negative numbers, and no code that matters here.
  if (frame.readInt32BE(header.xid) >= 0 && endsConnection(code)) throw new Error(`code ${code}`);
  if (!isKnown(code)) frame.writeInt32BE(Exception.SYSTEM_ERROR, header.code);
}

const knownCodes = new Set(Object.values(Exception).filter((value) => typeof value === 'number'));

function isKnown(code: number): boolean {
  return knownCodes.has(code);
}

function end(line: Line): void {
  line.isOver = true;
  const { client, manager } = line;
  client.removeAllListeners();
  if (manager.connectTimeoutHandler) clearTimeout(manager.connectTimeoutHandler);
  const { socket } = manager;
  if (!socket) return;
  socket.removeAllListeners();
  socket.on('error', () => undefined);
  // A plain close would let the kernel go on sending what it holds.
  socket.resetAndDestroy();
}

/** The library writes the number as 32 bits with a sign; answers come in order, so it may begin anew. */
const lastRequestNumber = 2 ** 30;

function send(line: Line, request: object, done: (error: Error | null, response?: Packet) => void): void {
  if (line.manager.xid > lastRequestNumber) line.manager.xid = 0;
  line.manager.queue(request, (error, response) => {
    if (!line.isOver) done(error, response);
  });
}

function createConnection(line: Line): Connection {
  return {
    get lastSeen() {
      return line.lastSeen;
    },
    read({ op, path }, onChange, done) {
      let isWatching = true;
      const watcher =
        onChange &&
        (() => {
          if (isWatching && !line.isOver) {
            isWatching = false;
            onChange();
          }
        });
      const answer = (found: ReadAnswer) => {
        if (line.isOver) return;
        done(found);
      };
      if (op === 'exists') readStat(line, path, watcher, answer);
      else readContent(line, op, path, watcher, answer);
    },
    write(ops, done) {
      const operations = ops.map((op) => toOperation(op, line.hasCredentials));
      send(line, multiRequest(operations), (error, response) => {
        const results = response?.payload?.results;
        if (!results) line.fail(`a transaction was answered with ${error ? messageOf(error) : 'nothing'}`);
        else if (results.some((result) => endsConnection(errorOf(result)))) line.fail('the session moved on');
        else done(decisionOf(results));
      });
    },
    endSession(done) {
      send(line, closeSessionRequest(), () => done());
    },
    drop() {
      if (!line.isOver) end(line);
    },
  };
}

type Watcher = (() => void) | undefined;
type Problem = Error | zookeeper.Exception;

function readStat(line: Line, path: string, watcher: Watcher, done: (answer: ReadAnswer) => void): void {
  const answer = (error: Problem | null, stat: zookeeper.Stat | null) => {
    done(error ? refusal(error) : { kind: 'value', value: stat ? toStat(stat) : undefined });
  };
  if (watcher) line.client.exists(path, watcher, answer);
  else line.client.exists(path, answer);
}

/** The ensemble keeps no watch for content that is not there: then the znode's coming is watched for. */
function readContent(
  line: Line,
  op: 'get' | 'children',
  path: string,
  watcher: Watcher,
  done: (answer: ReadAnswer) => void,
): void {
  const answer = (error: Problem | null, value: () => ReadAnswer) => {
    if (!error) done(value());
    else if (codeOf(error) !== Exception.NO_NODE) done(refusal(error));
    else if (!watcher) done({ kind: 'value', value: undefined });
    else {
      readStat(line, path, watcher, (found) => {
        const hasCome = found.kind === 'value' && found.value !== undefined;
        if (hasCome) readContent(line, op, path, watcher, done);
        else done(found);
      });
    }
  };
  const onData = (error: Problem | null, data: Buffer | undefined, stat: zookeeper.Stat) =>
    answer(error, () => ({ kind: 'value', value: { data: data ?? new Uint8Array(), stat: toStat(stat) } }));
  const onNames = (error: Problem | null, names: string[]) => answer(error, () => ({ kind: 'value', value: names }));
  if (op === 'get') {
    if (watcher) line.client.getData(path, watcher, onData);
    else line.client.getData(path, onData);
  } else if (watcher) line.client.getChildren(path, watcher, onNames);
  else line.client.getChildren(path, onNames);
}

function refusal(error: Problem): ReadAnswer {
  return { kind: 'refused', code: refusalOf(codeOf(error)), why: messageOf(error) };
}

function codeOf(error: Problem): number {
  const { code } = error as { code?: unknown };
  return typeof code === 'number' ? code : Exception.SYSTEM_ERROR;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function bigEndian(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}
