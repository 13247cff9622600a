// Connections to ZooKeeper servers that do what a test says, for the session's state machine on a fake clock.
import type {
  Connection,
  ConnectionEvents,
  Decision,
  Dial,
  DialTarget,
  ReadAnswer,
  ReadRequest,
} from '../../src/zookeeper/connection.ts';
import type { WriteOp } from '../../src/zookeeper/zookeeper.ts';

export interface FakeConnection {
  readonly target: DialTarget;
  readonly events: ConnectionEvents;
  readonly isOver: boolean;
  /** Sent and not answered. */
  readonly writes: { readonly ops: readonly WriteOp[]; answer(decision?: Decision): void }[];
  readonly reads: {
    readonly request: ReadRequest;
    readonly onChange: (() => void) | undefined;
    answer(answer?: ReadAnswer): void;
  }[];
  readonly endings: (() => void)[];
  /** Completes the handshake. */
  open(timeoutMs?: number): void;
  /** Answers every write that waits. */
  answerWrites(): void;
}

export interface FakeDial {
  readonly dial: Dial;
  readonly connections: readonly FakeConnection[];
  /** The newest. */
  readonly last: FakeConnection;
}

export function createFakeDial(): FakeDial {
  const connections: FakeConnection[] = [];
  let sessions = 0;
  return {
    connections,
    get last() {
      const last = connections.at(-1);
      if (!last) throw new Error('nothing was dialed');
      return last;
    },
    dial(target, events) {
      let isOver = false;
      const remove = <T>(list: T[], item: T) => list.splice(list.indexOf(item), 1);
      const fake: FakeConnection = {
        target,
        events,
        get isOver() {
          return isOver;
        },
        writes: [],
        reads: [],
        endings: [],
        open(timeoutMs = target.timeoutMs) {
          const id = Buffer.alloc(8);
          id.writeUInt32BE(target.key ? 0 : ++sessions, 4);
          events.onOpen({ key: target.key ?? { id, password: Buffer.alloc(16) }, timeoutMs });
        },
        answerWrites() {
          for (const write of [...fake.writes]) write.answer();
        },
      };
      connections.push(fake);
      const connection: Connection = {
        lastSeen: 7n,
        read(request, onChange, done) {
          const read = {
            request,
            onChange,
            answer(answer: ReadAnswer = { kind: 'value', value: undefined }) {
              remove(fake.reads, read);
              done(answer);
            },
          };
          fake.reads.push(read);
        },
        write(ops, done) {
          const write = {
            ops,
            answer(decision: Decision = { kind: 'done', paths: ops.map(() => '') }) {
              remove(fake.writes, write);
              done(decision);
            },
          };
          fake.writes.push(write);
        },
        endSession: (done) => void fake.endings.push(done),
        drop() {
          isOver = true;
        },
      };
      return connection;
    },
  };
}
