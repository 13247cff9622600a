// The stream to the leader: joins, registers, receives pods, sends news until acknowledged, comes back when it breaks.
import { backoffMs } from '../lib/backoff.ts';
import type { BackoffPolicy } from '../lib/backoff.ts';
import { sleep } from '../lib/clock.ts';
import type { Clock, Timer } from '../lib/clock.ts';
import { errorText } from '../lib/error-text.ts';
import type { Log } from '../lib/log.ts';
import { dialAgentGateway } from '../rpc/agent-gateway-channel.ts';
import type { AgentGatewayChannel } from '../rpc/agent-gateway-channel.ts';
import type { AgentMessage, PodSet, Register, ServerMessage } from '../rpc/agent-protocol.ts';
import type { TlsIdentity } from '../rpc/tls-credentials.ts';
import type { Identity } from './identity.ts';
import type { Outbox } from './outbox.ts';

export interface SessionOptions {
  /** `HOST:PORT` of the servers; tried in turn. */
  readonly servers: readonly string[];
  readonly authority: string;
  readonly identity: Identity;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly log: Log;
  /** A number in [0, 1): spreads the agents that come back at the same time. */
  readonly random: () => number;
  /** Called with every new certificate, before it is used. */
  readonly onIdentity: (identity: TlsIdentity) => Promise<void>;
  /** Asked for each session: what this node is now. */
  readonly register: () => Register;
  readonly onPods: (set: PodSet) => void;
}

/** 0.25 s, doubling up to 15 s, of which between half and all is waited. */
const reconnectPolicy: BackoffPolicy = { initialMs: 250, factor: 2, maxMs: 15_000 };

/** Keeps a session open until the signal aborts. Does not reject: what goes wrong is logged and tried again. */
export async function runSession(options: SessionOptions, signal: AbortSignal): Promise<void> {
  const { servers, clock, log } = options;
  let failures = 0;
  for (let turn = 0; isOpen(signal); turn += 1) {
    const server = servers[turn % servers.length] ?? '';
    try {
      const wasRegistered = await connect(options, server, signal);
      failures = wasRegistered ? 0 : failures + 1;
      log.info({ server }, 'session ended');
    } catch (error) {
      failures += 1;
      if (isOpen(signal)) log.warn({ server, failures, error: errorText(error) }, 'no session with this server');
    }
    await pause(clock, pauseMs(options, failures), signal);
  }
}

/** A function, so that the compiler does not take one answer for all. */
const isOpen = (signal: AbortSignal): boolean => !signal.aborted;

/** The next server is tried at once; only a whole round of failures is followed by a pause. */
function pauseMs({ servers, random }: SessionOptions, failures: number): number {
  if (failures % servers.length !== 0) return 0;
  const rounds = failures / servers.length;
  return backoffMs(reconnectPolicy, rounds) * (0.5 + random() / 2);
}

async function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(clock, delayMs, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** One session, from joining if need be to its end. True when the server took us in. */
async function connect(options: SessionOptions, server: string, signal: AbortSignal): Promise<boolean> {
  const identity = options.identity.current ?? (await joinCluster(options, server, signal));
  await options.onIdentity(identity);
  const ended = new AbortController();
  const both = AbortSignal.any([signal, ended.signal]);
  const channel = dialAgentGateway(server, options.authority, identity);
  const renewal = scheduleRenewal(options, channel, both, () => ended.abort());
  const heartbeats = createHeartbeats(options, both);
  let registered = false;
  try {
    for await (const message of channel.session(outgoing(options, both), both)) {
      if (message.registered) {
        registered = true;
        options.log.info({ server, cluster: message.registered.cluster_id }, 'registered');
        heartbeats.start(message.registered.heartbeat_interval_ms);
      }
      if (!receive(options, message)) registered = false;
    }
    return registered;
  } finally {
    ended.abort();
    heartbeats.stop();
    renewal.cancel();
    channel.close();
  }
}

async function* outgoing(options: SessionOptions, signal: AbortSignal): AsyncGenerator<AgentMessage> {
  yield { register: options.register() };
  yield* options.outbox.messages(signal);
}

/** False when the server ends the session for a reason: coming back at once would not help. */
function receive(options: SessionOptions, message: ServerMessage): boolean {
  if (message.pods) options.onPods(message.pods);
  if (message.ack) options.outbox.acknowledge(message.ack.uuid);
  if (!message.rejected) return true;
  options.log.warn({ reason: message.rejected.reason }, 'the server ended the session');
  return false;
}

async function joinCluster(options: SessionOptions, server: string, signal: AbortSignal): Promise<TlsIdentity> {
  const channel = dialAgentGateway(server, options.authority, undefined);
  try {
    const identity = await options.identity.obtain(channel, signal);
    options.log.info({ server }, 'joined');
    return identity;
  } finally {
    channel.close();
  }
}

function createHeartbeats({ clock, outbox }: SessionOptions, signal: AbortSignal) {
  let timer: Timer | undefined;
  const beat = (intervalMs: number) => {
    if (signal.aborted) return;
    timer = clock.after(intervalMs, () => {
      outbox.heartbeat();
      beat(intervalMs);
    });
  };
  return { start: beat, stop: () => timer?.cancel() };
}

const renewalRetryMs = 60_000;

/** Renews on the open channel, which presents the old certificate; the session then starts again with the new one. */
function scheduleRenewal(
  options: SessionOptions,
  channel: AgentGatewayChannel,
  signal: AbortSignal,
  onRenewed: () => void,
): Timer {
  const { clock, identity, log } = options;
  let timer: Timer | undefined;
  const wait = (delayMs: number) => {
    if (!signal.aborted) timer = clock.after(delayMs, () => void renew());
  };
  const waitUntilDue = () => wait((identity.renewAtMs ?? 0) - clock.now());
  const renew = async () => {
    // Timers are limited to some 25 days; certificates are not.
    if (clock.now() < (identity.renewAtMs ?? 0)) {
      waitUntilDue();
      return;
    }
    try {
      await identity.obtain(channel, signal);
      log.info({}, 'renewed the certificate');
      onRenewed();
    } catch (error) {
      log.warn({ error: errorText(error) }, 'cannot renew the certificate yet');
      wait(renewalRetryMs);
    }
  };
  waitUntilDue();
  return { cancel: () => timer?.cancel() };
}
