// The thread in which a session lives, so that its heartbeats do not wait for a busy event loop.
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { systemClock, type Clock } from '../lib/clock.ts';
import { createLeaseWriter, sharedMonotonicMs } from './lease.ts';
import { createDial } from './library-connection.ts';
import type { News, Order, ThreadOptions } from './messages.ts';
import { Session } from './session.ts';
import { ZookeeperRefused } from './zookeeper.ts';

const clock: Clock = { ...systemClock, monotonicMs: sharedMonotonicMs };

/** Smaller ones are cheaper to copy than to hand over. */
const transferFromBytes = 16 * 1024;

function serve(port: MessagePort, options: ThreadOptions): void {
  const tell = (news: News, transfer: readonly ArrayBuffer[] = []) => port.postMessage(news, transfer);
  const session = new Session({
    servers: options.servers,
    timeoutMs: options.timeoutMs,
    lastSession: options.lastSession,
    clock,
    dial: createDial(options.credentials),
    lease: createLeaseWriter(options.lease),
    random: () => Math.random(),
    onStatus: (status) => tell({ kind: 'status', status }),
  });
  const heard = watchOverMain(options.patienceMs, () => tell({ kind: 'alive?' }), session);
  port.on('message', (order: Order) => {
    heard();
    obey(session, order, tell);
  });
}

/** Asks the main thread now and then whether it is alive; one that is not must not keep its place. Returns what to call when it is heard. */
function watchOverMain(patienceMs: number, ask: () => void, session: Session): () => void {
  let heardAtMs = clock.monotonicMs();
  const look = () => {
    const silentMs = clock.monotonicMs() - heardAtMs;
    if (silentMs > patienceMs) session.rest(`the main thread does not answer for ${Math.round(silentMs)} ms`);
    ask();
    clock.after(patienceMs / 6, look);
  };
  look();
  return () => {
    heardAtMs = clock.monotonicMs();
    session.resume();
  };
}

function obey(session: Session, order: Order, tell: (news: News, transfer?: readonly ArrayBuffer[]) => void): void {
  switch (order.kind) {
    case 'read': {
      const { id, request, watch } = order;
      const onChange = watch ? () => tell({ kind: 'changed', id }) : undefined;
      session.read(request, onChange).then(
        (value) => tell({ kind: 'value', id, value }, transferable(value)),
        (error: unknown) => tell(failure(id, error)),
      );
      return;
    }
    case 'write':
      void session.write(order.ops, order.session).then((outcome) => tell({ kind: 'outcome', id: order.id, outcome }));
      return;
    case 'settle':
      session.settle().then(
        () => tell({ kind: 'done', id: order.id }),
        (error: unknown) => tell(failure(order.id, error)),
      );
      return;
    case 'keep-safe':
      session.keepSafe(order.on);
      return;
    case 'move-on':
      session.moveOn(order.why);
      return;
    case 'close':
      void session.close().then(() => tell({ kind: 'done', id: order.id }));
      return;
    case 'alive':
      return;
  }
}

/** The library allocates the content of a znode for itself alone. */
function transferable(value: unknown): readonly ArrayBuffer[] {
  if (typeof value !== 'object' || value === null || !('data' in value)) return [];
  const { data } = value;
  if (!(data instanceof Uint8Array) || data.byteLength < transferFromBytes) return [];
  const isWhole = data.buffer instanceof ArrayBuffer && data.byteLength === data.buffer.byteLength;
  return isWhole ? [data.buffer] : [];
}

function failure(id: number, error: unknown): News {
  const why = error instanceof Error ? error.message : String(error);
  return error instanceof ZookeeperRefused
    ? { kind: 'refused', id, code: error.code, why }
    : { kind: 'unavailable', id, why };
}

if (!parentPort) throw new Error('session-thread.ts is the entry of a worker thread');
serve(parentPort, workerData as ThreadOptions);
