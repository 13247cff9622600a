// One try to register with one gateway: dial, say who we are, wait until the server leads and lets us in.
import { StatusError } from '../api/status-error.ts';
import type { Clock } from '../lib/clock.ts';
import type { AgentGatewayChannel, DialGateway } from '../rpc/agent-gateway-channel.ts';
import type { AgentMessage, Register, Registered, ServerMessage } from '../rpc/agent-protocol.ts';
import type { TlsIdentity } from '../rpc/tls-credentials.ts';

/** A session that the leader has accepted. Ends with the signal that it was made with. */
export interface Contact {
  readonly address: string;
  readonly registered: Registered;
  readonly channel: AgentGatewayChannel;
  /** Begins to send, and gives what the server sends. To be called once. */
  talk(outgoing: AsyncIterable<AgentMessage>): AsyncIterable<ServerMessage>;
  close(): void;
}

export interface ContactOptions {
  readonly dial: DialGateway;
  readonly authority: string;
  readonly identity: TlsIdentity;
  readonly register: Register;
  /** The server does not lead, and says who does. The contact goes on: it may lead next. */
  readonly onMoved: (gateways: readonly string[]) => void;
  readonly clock: Clock;
}

/**
 * A server that is there takes a call within this time, though a thousand others call as well. How long it takes until it
 * leads is another matter. Nobody waits for this: all servers are tried at the same time.
 */
const reachMs = 15_000;

/** Resolves once registered. Rejects with StatusError when that comes to nothing; then everything is closed. */
export async function contactGateway(address: string, options: ContactOptions, signal: AbortSignal): Promise<Contact> {
  const channel = options.dial(address, options.authority, options.identity);
  const ended = new AbortController();
  const speech = createSpeech(options.register, ended.signal);
  let problem = 'the server ended the session before it let us in';
  const close = () => {
    signal.removeEventListener('abort', close);
    deadline.cancel();
    ended.abort();
    channel.close();
  };
  const deadline = options.clock.after(reachMs, () => {
    problem = `the server has not answered for ${reachMs / 1000} s`;
    close();
  });
  signal.addEventListener('abort', close);
  if (signal.aborted) close();
  const messages = channel.session(speech.messages, ended.signal, () => deadline.cancel())[Symbol.asyncIterator]();
  try {
    const registered = await untilRegistered(messages, options);
    const talk = (outgoing: AsyncIterable<AgentMessage>) => {
      speech.goOn(outgoing);
      return { [Symbol.asyncIterator]: () => messages };
    };
    if (registered) return { address, registered, channel, talk, close };
    throw new StatusError('ServiceUnavailable', problem);
  } catch (error) {
    close();
    throw error;
  }
}

async function untilRegistered(
  messages: AsyncIterator<ServerMessage>,
  { onMoved }: ContactOptions,
): Promise<Registered | undefined> {
  for (;;) {
    const next = await messages.next();
    if (next.done === true) return undefined;
    const { registered, moved, rejected } = next.value;
    if (registered) return registered;
    if (moved) onMoved(moved.gateways);
    if (rejected) throw new StatusError('ServiceUnavailable', rejected.reason);
  }
}

/** Register, and nothing more until the server has let us in. */
function createSpeech(register: Register, signal: AbortSignal) {
  let goOn: (outgoing: AsyncIterable<AgentMessage> | undefined) => void = () => undefined;
  const rest = new Promise<AsyncIterable<AgentMessage> | undefined>((resolve) => (goOn = resolve));
  signal.addEventListener('abort', () => goOn(undefined), { once: true });
  async function* messages(): AsyncGenerator<AgentMessage> {
    yield { register };
    const outgoing = await rest;
    if (outgoing) yield* outgoing;
  }
  return { messages: messages(), goOn };
}
