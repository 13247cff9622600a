// The way to the leader: joins, finds who leads, receives pods, sends news until acknowledged, and looks again when it ends.
import { StatusError } from '../api/status-error.ts';
import { backoffMs } from '../lib/backoff.ts';
import type { BackoffPolicy } from '../lib/backoff.ts';
import type { Timer } from '../lib/clock.ts';
import { errorText } from '../lib/error-text.ts';
import type { PodSet, ServerMessage } from '../rpc/agent-protocol.ts';
import type { TlsIdentity } from '../rpc/tls-credentials.ts';
import { scheduleRenewal } from './certificate-renewal.ts';
import type { Contact } from './contact.ts';
import { contestants, noteFailure, pause, searchLeader } from './leader-search.ts';
import type { LeaderSearch, SearchOptions } from './leader-search.ts';
import type { Outbox } from './outbox.ts';
import { race } from './race.ts';

export interface SessionOptions extends SearchOptions {
  readonly outbox: Outbox;
  /** Called with every new certificate, before it is used. */
  readonly onIdentity: (identity: TlsIdentity) => Promise<void>;
  /** A leader let us in: what it may have missed has to be told again. */
  readonly onRegistered: () => void;
  readonly onPods: (set: PodSet) => void;
}

/**
 * After sessions that ended as soon as they had begun, 0.25 s, doubling; of it half to all is waited. Longer where a server
 * ended them and said why, as with two agents of one name; shorter where leadership is unsteady.
 */
const unsteadyPolicy = { initialMs: 250, factor: 2, maxMs: 1_000 };
const rejectedPolicy = { initialMs: 250, factor: 2, maxMs: 15_000 };
/** A session that lasted this long was none of those. */
const steadyMs = 2_000;

/**
 * Keeps a session with the leader until the signal aborts. Rejects with StatusError when the servers refuse to let this
 * agent join for good; everything else that goes wrong is logged and tried again.
 */
export async function runSession(options: SessionOptions, signal: AbortSignal): Promise<void> {
  const { clock, log } = options;
  let unsteady = 0;
  let policy: BackoffPolicy = unsteadyPolicy;
  let search: LeaderSearch | undefined;
  while (isOpen(signal)) {
    if (unsteady > 0) await pause(options, backoffMs(policy, unsteady), signal);
    const identity = options.identity.current ?? (await join(options, signal));
    if (!identity) break;
    await options.onIdentity(identity);
    const contact = await (search ?? searchLeader(options, signal)).found;
    search = undefined;
    if (!contact) continue;
    const startedMs = clock.monotonicMs();
    const next = searchLeader(options, signal, contact);
    const ending = await stay(options, contact, next, signal);
    log.info({ server: contact.address }, 'session ended');
    // After a rejection, and with a new certificate, everything begins anew.
    if (ending === 'ended') search = next;
    else next.stop();
    unsteady = isSteady(ending, clock.monotonicMs() - startedMs) ? 0 : unsteady + 1;
    policy = ending === 'rejected' ? rejectedPolicy : unsteadyPolicy;
  }
  search?.stop();
}

type Ending = 'ended' | 'rejected' | 'renewed';

const isSteady = (ending: Ending, lastedMs: number): boolean =>
  ending === 'renewed' || (ending === 'ended' && lastedMs >= steadyMs);

/** A function, so that the compiler does not take one answer for all. */
const isOpen = (signal: AbortSignal): boolean => !signal.aborted;

/** What will not become better by trying again. */
const finalReasons: readonly string[] = ['Unauthorized', 'BadRequest', 'Forbidden'];

/** Undefined when the signal aborts. */
function join(options: SessionOptions, signal: AbortSignal): Promise<TlsIdentity | undefined> {
  const attempt = async (address: string, own: AbortSignal) => {
    const channel = options.dial(address, options.authority, undefined);
    try {
      return await options.identity.obtain(channel, own);
    } finally {
      channel.close();
    }
  };
  return race(
    {
      ...contestants(options),
      attempt,
      take: (_identity, server) => options.log.info({ server }, 'joined'),
      isHopeless: (error, server, failures) => {
        const isFinal = finalReasons.includes(StatusError.from(error).reason);
        if (!isFinal) noteFailure(options, 'cannot join at this server', { error, server, failures });
        return isFinal;
      },
    },
    signal,
  );
}

/** From being let in to the end. `rejected`: coming back at once would not help. */
async function stay(
  options: SessionOptions,
  contact: Contact,
  next: LeaderSearch,
  signal: AbortSignal,
): Promise<Ending> {
  const { registered, channel, address } = contact;
  let ending: Ending = 'ended';
  const ended = new AbortController();
  const end = () => {
    ended.abort();
    contact.close();
  };
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  // Another server leads by now, whether or not this one has noticed.
  void next.found.then((newer) => newer && end());
  const renewal = scheduleRenewal(options, channel, ended.signal, () => {
    ending = 'renewed';
    end();
  });
  const heartbeats = startHeartbeats(options, registered.heartbeat_interval_ms);
  options.log.info({ server: address, cluster: registered.cluster_id, epoch: registered.epoch }, 'registered');
  options.onRegistered();
  try {
    for await (const message of contact.talk(options.outbox.messages(ended.signal))) {
      if (!receive(options, message)) ending = 'rejected';
    }
  } catch (error) {
    if (isOpen(ended.signal)) options.log.warn({ server: address, error: errorText(error) }, 'lost the server');
  } finally {
    signal.removeEventListener('abort', end);
    end();
    next.widen();
    heartbeats.cancel();
    renewal.cancel();
  }
  return ending;
}

/** False when the server ends the session and says why. */
function receive(options: SessionOptions, message: ServerMessage): boolean {
  if (message.pods) options.onPods(message.pods);
  if (message.ack) options.outbox.acknowledge(message.ack.uuid);
  if (message.moved) options.servers.learn(message.moved.gateways);
  if (!message.rejected) return true;
  options.log.warn({ reason: message.rejected.reason }, 'the server ended the session');
  return false;
}

function startHeartbeats({ clock, outbox }: SessionOptions, intervalMs: number): Timer {
  let timer: Timer | undefined;
  const beat = () => {
    timer = clock.after(intervalMs, () => {
      outbox.heartbeat();
      beat();
    });
  };
  beat();
  return { cancel: () => timer?.cancel() };
}
