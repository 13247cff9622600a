// What goes down one agent's session: messages in order, and, whenever none waits, what its pod feed has.
import { StatusError } from '../../api/status-error.ts';
import type { PodSet, ServerMessage } from '../../rpc/agent-protocol.ts';

export interface Outlet {
  send(message: ServerMessage): void;
  /** Sends what the feed has, whenever nothing else waits. */
  follow(feed: { take(): PodSet | undefined; stop(): void }): void;
  wake(): void;
  close(): void;
  fail(error: unknown): void;
  messages(): AsyncIterable<ServerMessage>;
}

/** Ends when it is closed, fails, or the signal aborts; then what still waits is dropped, except after `close`. */
export function createOutlet(signal: AbortSignal): Outlet {
  const waiting: ServerMessage[] = [];
  let feed: { take(): PodSet | undefined; stop(): void } | undefined;
  let end: { readonly error?: unknown } | undefined;
  let wake: (() => void) | undefined;

  const next = (): ServerMessage | undefined => {
    if (signal.aborted) return undefined;
    const message = waiting.shift();
    if (message || end) return message;
    const pods = feed?.take();
    return pods ? { pods } : undefined;
  };
  const finish = (how: { readonly error?: unknown }) => {
    end ??= how;
    wake?.();
  };

  async function* messages(): AsyncGenerator<ServerMessage> {
    const onAbort = () => finish({});
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    try {
      for (;;) {
        const message = next();
        if (message) yield message;
        else if (end) break;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      feed?.stop();
    }
    if (end.error !== undefined) throw StatusError.from(end.error);
  }

  return {
    send(message) {
      if (end) return;
      waiting.push(message);
      wake?.();
    },
    follow(next) {
      feed?.stop();
      feed = next;
      wake?.();
    },
    wake: () => wake?.(),
    close: () => finish({}),
    fail: (error) => finish({ error }),
    messages,
  };
}
