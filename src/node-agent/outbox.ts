// What the server has not acknowledged yet. Of a pod's statuses only the newest is kept; each session sends all of it.
import { randomUUID } from 'node:crypto';
import type { AgentMessage } from '../rpc/agent-protocol.ts';
import type { AgentNews } from './agent-news.ts';

export interface Outbox extends AgentNews {
  /** Everything unacknowledged, in order, then what comes, until the signal aborts. One reader at a time. */
  messages(signal: AbortSignal): AsyncIterable<AgentMessage>;
  /** Puts a sign of life before everything else. */
  heartbeat(): void;
  acknowledge(uuid: string): void;
  readonly size: number;
}

interface Letter {
  readonly uuid: string;
  readonly message: AgentMessage;
  readonly onAcknowledged: (() => void) | undefined;
}

/** Events beyond this are dropped, oldest first: while the server is away only the story's end matters. */
const mostEvents = 512;

export function createOutbox(): Outbox {
  const letters = createLetterBox();
  const eventKeys: string[] = [];
  let heartbeatDue = false;
  const takeHeartbeat = (): AgentMessage | undefined => {
    if (!heartbeatDue) return undefined;
    heartbeatDue = false;
    return { heartbeat: {} };
  };

  async function* messages(signal: AbortSignal): AsyncGenerator<AgentMessage> {
    letters.sendAllAgain();
    heartbeatDue = false;
    const onAbort = () => letters.wake();
    signal.addEventListener('abort', onAbort, { once: true });
    while (!signal.aborted) {
      const next = takeHeartbeat() ?? letters.next();
      if (next) yield next;
      else await letters.awake();
    }
    signal.removeEventListener('abort', onAbort);
  }

  return {
    messages,
    heartbeat() {
      heartbeatDue = true;
      letters.wake();
    },
    status(pod, status) {
      const { namespace = '', name = '', uid = '' } = pod.metadata;
      const bytes = Buffer.from(JSON.stringify(status));
      letters.post(`status/${uid}`, (uuid) => ({ pod_status: { uuid, namespace, name, uid, status: bytes } }));
    },
    terminated(pod, onAcknowledged) {
      const { namespace = '', name = '', uid = '' } = pod.metadata;
      const make = (uuid: string) => ({ pod_terminated: { uuid, namespace, name, uid } });
      letters.post(`terminated/${uid}`, make, onAcknowledged);
    },
    event(pod, type, reason, message, container) {
      const { namespace = '', name: pod_name = '', uid: pod_uid = '' } = pod.metadata;
      const key = `event/${randomUUID()}`;
      letters.post(key, (uuid) => ({
        event: { namespace, pod_name, pod_uid, type, reason, message, container, uuid },
      }));
      eventKeys.push(key);
      if (eventKeys.length > mostEvents) letters.drop(eventKeys.shift() ?? '');
    },
    acknowledge: (uuid) => letters.acknowledge(uuid),
    get size() {
      return letters.size;
    },
  };
}

/** Letters by key, in the order of posting, and which of them this session has not sent. */
function createLetterBox() {
  const letters = new Map<string, Letter>();
  const keyOfUuid = new Map<string, string>();
  let unsent = new Set<string>();
  let wake: (() => void) | undefined;

  const drop = (key: string) => {
    const letter = letters.get(key);
    letters.delete(key);
    unsent.delete(key);
    if (letter) keyOfUuid.delete(letter.uuid);
  };

  return {
    drop,
    post(key: string, make: (uuid: string) => AgentMessage, onAcknowledged?: () => void) {
      drop(key);
      const uuid = randomUUID();
      letters.set(key, { uuid, message: make(uuid), onAcknowledged });
      keyOfUuid.set(uuid, key);
      unsent.add(key);
      wake?.();
    },
    next(): AgentMessage | undefined {
      const [key] = unsent;
      if (key === undefined) return undefined;
      unsent.delete(key);
      return letters.get(key)?.message;
    },
    acknowledge(uuid: string) {
      const key = keyOfUuid.get(uuid);
      if (key === undefined) return;
      const letter = letters.get(key);
      drop(key);
      letter?.onAcknowledged?.();
    },
    sendAllAgain: () => void (unsent = new Set(letters.keys())),
    awake: () => new Promise<void>((resolve) => (wake = resolve)),
    wake: () => wake?.(),
    get size() {
      return letters.size;
    },
  };
}
