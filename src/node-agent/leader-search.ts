// Looks for the leader, everywhere at once. While there is one, a session waits at each of the other servers: when one of
// them leads next it lets this agent in at once, also if the old leader vanished without a word, or has yet to notice.
import { StatusError } from '../api/status-error.ts';
import { backoffMs } from '../lib/backoff.ts';
import type { BackoffPolicy } from '../lib/backoff.ts';
import { sleep } from '../lib/clock.ts';
import type { Clock } from '../lib/clock.ts';
import { errorText } from '../lib/error-text.ts';
import type { Log } from '../lib/log.ts';
import type { DialGateway } from '../rpc/agent-gateway-channel.ts';
import type { Register } from '../rpc/agent-protocol.ts';
import { contactGateway } from './contact.ts';
import type { Contact } from './contact.ts';
import type { Identity } from './identity.ts';
import type { KnownServers } from './known-servers.ts';
import { race } from './race.ts';

export interface SearchOptions {
  readonly servers: KnownServers;
  readonly authority: string;
  readonly identity: Identity;
  readonly clock: Clock;
  readonly log: Log;
  /** A number in [0, 1): spreads the agents that come back at the same time. */
  readonly random: () => number;
  readonly dial: DialGateway;
  /** Asks the cluster for its gateways by another way, while none of those that are known leads. */
  readonly discover: ((signal: AbortSignal) => Promise<readonly string[]>) | undefined;
  /** Asked for each try: what this node is now. */
  readonly register: () => Register;
  /** Why there is no leader yet, after each failed try. */
  readonly onTrouble: (problem: string, address: string) => void;
}

export interface LeaderSearch {
  /** Undefined when it was stopped, the signal aborted, or the certificate expired. */
  readonly found: Promise<Contact | undefined>;
  /** There is no leader any more: the server that led is asked as well from now on, and troubles are told. */
  widen(): void;
  /** Also closes what was found. */
  stop(): void;
}

/** A thousand agents do not knock at the other servers while they are busy with a new leader. */
const standbyDelay = { leastMs: 1_000, spreadMs: 2_000 };
/**
 * Nor at the server that they have just lost, while the others are there to wait at: it is the least likely to lead
 * next, and a thousand vain tries take the time of those who could.
 */
const lostDelay = standbyDelay;

/** How far a search is: `current` is the leader that the agent has a session with. */
interface Scope {
  current: Contact | undefined;
  /** Address of the server that led until now; it is asked last. */
  lost: string | undefined;
  readonly onWiden: Set<() => void>;
  /** Called when there may be another address to ask. */
  readonly onAddress: Set<() => void>;
  readonly stopped: AbortSignal;
}

/** @param current a session that the agent has: its server is left out, and only a later leader counts */
export function searchLeader(options: SearchOptions, signal: AbortSignal, current?: Contact): LeaderSearch {
  const stopping = new AbortController();
  const stopped = AbortSignal.any([signal, stopping.signal]);
  const scope: Scope = { current, lost: undefined, onWiden: new Set(), onAddress: new Set(), stopped };
  const found = begin(options, scope);
  // Whoever does not wait for it has the same news from elsewhere.
  found.catch(() => undefined);
  return {
    found,
    widen() {
      scope.lost = scope.current?.address;
      scope.current = undefined;
      for (const tell of [...scope.onWiden]) tell();
      options.clock.after(lostDelay.leastMs + options.random() * lostDelay.spreadMs, () => {
        scope.lost = undefined;
        for (const tell of [...scope.onAddress]) tell();
      });
    },
    stop() {
      stopping.abort();
      void found.then((contact) => contact?.close());
    },
  };
}

async function begin(options: SearchOptions, scope: Scope): Promise<Contact | undefined> {
  const searching = new AbortController();
  const searchElsewhere = () => void searchAnew(options, searching.signal);
  if (scope.current) {
    await untilWidened(options, scope);
    scope.onWiden.add(searchElsewhere);
  }
  if (!scope.current) searchElsewhere();
  try {
    return await findLeader(options, scope);
  } catch (error) {
    if (options.identity.current !== undefined) throw error;
    return undefined;
  } finally {
    scope.onWiden.clear();
    scope.onAddress.clear();
    searching.abort();
  }
}

/** Or until it is time to stand by. */
async function untilWidened({ clock, random }: SearchOptions, scope: Scope): Promise<void> {
  const hurry = new AbortController();
  const stop = () => hurry.abort();
  scope.onWiden.add(stop);
  scope.stopped.addEventListener('abort', stop, { once: true });
  if (scope.stopped.aborted) stop();
  await sleep(clock, standbyDelay.leastMs + random() * standbyDelay.spreadMs, hurry.signal).catch(() => undefined);
  scope.stopped.removeEventListener('abort', stop);
  scope.onWiden.delete(stop);
}

function findLeader(options: SearchOptions, scope: Scope): Promise<Contact | undefined> {
  const { servers } = options;
  const attempt = (address: string, own: AbortSignal) => {
    const identity = options.identity.current;
    if (!identity) return Promise.reject(new StatusError('Unauthorized', 'the certificate has expired'));
    const onMoved = (gateways: readonly string[]) => servers.learn(gateways);
    const register = { ...options.register(), after_epoch: scope.current?.registered.epoch ?? 0 };
    return contactGateway(address, { ...options, identity, register, onMoved }, own);
  };
  const take = (contact: Contact, address: string) => {
    const { epoch, gateways } = contact.registered;
    if (epoch < servers.epoch) {
      contact.close();
      const known = `epoch ${servers.epoch} was seen before`;
      throw new StatusError('Conflict', `the server leads with epoch ${epoch}, but ${known}: it has been deposed`);
    }
    servers.follow(epoch, gateways, address);
  };
  const isHopeless = (error: unknown, server: string, failures: number) => {
    const failure = { error, server, failures };
    if (scope.current) options.log.debug({ server, failures, error: errorText(error) }, 'no place at this server');
    else noteFailure(options, 'no session with this server', failure);
    return options.identity.current === undefined;
  };
  const addresses = () => {
    const others = servers.gateways.filter((address) => address !== scope.current?.address && address !== scope.lost);
    return others.length > 0 || scope.lost === undefined ? others : [scope.lost];
  };
  const onAddresses = (listener: () => void) => {
    scope.onAddress.add(listener);
    scope.onWiden.add(listener);
    return servers.onChange(listener);
  };
  return race({ ...contestants(options), addresses, onAddresses, attempt, take, isHopeless }, scope.stopped);
}

export const contestants = ({ servers, clock, random }: SearchOptions) => ({
  addresses: () => servers.gateways,
  onAddresses: (listener: () => void) => servers.onChange(listener),
  clock,
  random,
});

interface Failure {
  readonly error: unknown;
  readonly server: string;
  readonly failures: number;
}

export function noteFailure(options: SearchOptions, message: string, { error, server, failures }: Failure): void {
  options.log.warn({ server, failures, error: errorText(error) }, message);
  options.onTrouble(errorText(error), server);
}

/** Servers may all have moved while nobody looked: 1 s without a leader, and the cluster is asked where they are. */
const searchPolicy: BackoffPolicy = { initialMs: 1_000, factor: 2, maxMs: 30_000 };

async function searchAnew(options: SearchOptions, signal: AbortSignal): Promise<void> {
  const { discover } = options;
  const isOver = () => signal.aborted;
  if (!discover) return;
  for (let round = 1; ; round += 1) {
    await pause(options, backoffMs(searchPolicy, round), signal);
    if (isOver()) return;
    try {
      options.servers.learn(await discover(signal));
    } catch (error) {
      if (!isOver()) options.log.debug({ error: errorText(error) }, 'no server tells where the gateways are');
    }
  }
}

/** Between half of the time and all of it. */
export async function pause({ clock, random }: SearchOptions, mostMs: number, signal: AbortSignal): Promise<void> {
  await sleep(clock, mostMs * (0.5 + random() / 2), signal).catch(() => undefined);
}
