// The election through ZooKeeper: a line of candidates, of whom the first leads.
//
// standing ──(behind one predecessor)──► first, and no leader's znode ──► turn ──► given up, in one transaction
//
// Two never act: a turn acts while its session is safe by our own clock, which ends before the ensemble lets anybody else
// be first (`Zookeeper.safeUntilMs`), and a turn begins only when the former leader's znode is gone as well.
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { Zookeeper } from '../../zookeeper/zookeeper.ts';
import type { Election, ServerFacts, Turn } from '../election.ts';
import type { Ensemble } from '../../zookeeper/ask.ts';
import { giveUp, takePlace, untilFirst, type Place } from './candidacy.ts';
import { followServers } from './known-servers.ts';
import { resolveHost } from './master-info.ts';
import { createMembership } from './membership.ts';
import { scopeOfSession, type SessionScope } from './session-scope.ts';
import { beginTurn } from './zookeeper-turn.ts';

export interface ZookeeperElectionOptions {
  readonly zookeeper: Zookeeper;
  readonly self: ServerFacts;
  readonly clock: Clock;
  readonly log: Log;
}

type Lead = (turn: Turn) => Promise<void>;

interface Standing {
  readonly ensemble: Ensemble;
  readonly self: ServerFacts;
  /** IPv4 address of the Mesos face, looked up ahead of the first turn. */
  readonly ip: Promise<string | undefined>;
}

export function createZookeeperElection(options: ZookeeperElectionOptions): Election {
  const { zookeeper, self } = options;
  const ensemble: Ensemble = { ...options, log: options.log.child({ component: 'election' }) };
  const standing: Standing = { ensemble, self, ip: resolveHost(self.mesos, options.clock) };
  const listeners = new Set<() => void>();
  const notify = () => listeners.forEach((listener) => listener());
  const known = followServers(ensemble, notify);
  const membership = createMembership(ensemble, self);
  const isAnswering = () => zookeeper.state === 'connected';
  const trouble = () => (isAnswering() ? undefined : describeTrouble(zookeeper));

  return {
    get leader() {
      return isAnswering() ? known.leader : undefined;
    },
    get members() {
      return known.members;
    },
    get trouble() {
      return trouble();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    report: (position) => membership.report(position),
    async run(lead, signal) {
      const background = new AbortController();
      const stopListening = tellTrouble(zookeeper, trouble, notify);
      const following = Promise.all([known.run(background.signal), membership.run(background.signal)]);
      following.catch((error: unknown) =>
        ensemble.log.error({ err: error }, 'the other servers are not followed any more'),
      );
      try {
        await stand(standing, lead, signal);
      } finally {
        background.abort();
        stopListening();
        await following.catch(() => undefined);
      }
    },
  };
}

/** Fit for users, who see it as the reason of a refusal. */
function describeTrouble({ trouble, description }: Zookeeper): string {
  return trouble === '' ? `${description} has not answered yet` : `ZooKeeper does not answer (${trouble})`;
}

/** Servers and sessions come and go without making a difference to anybody. */
function tellTrouble(zookeeper: Zookeeper, trouble: () => string | undefined, notify: () => void): () => void {
  let told = trouble();
  return zookeeper.onChange(() => {
    const now = trouble();
    if (now === told) return;
    told = now;
    notify();
  });
}

/** Place after place, until the signal aborts. */
async function stand(standing: Standing, lead: Lead, signal: AbortSignal): Promise<void> {
  const { zookeeper } = standing.ensemble;
  while (!signal.aborted) {
    try {
      await zookeeper.connected(signal);
    } catch {
      return;
    }
    const scope = scopeOfSession(zookeeper);
    try {
      await standOnce(standing, lead, scope, signal);
    } finally {
      scope.release();
    }
  }
}

/** Until the place was given up or lost. */
async function standOnce(standing: Standing, lead: Lead, scope: SessionScope, signal: AbortSignal): Promise<void> {
  const { ensemble, self, ip } = standing;
  const place = await waitInLine(standing, scope, signal);
  if (!place) return;
  const turn = beginTurn(ensemble, self, ip, place, scope);
  ensemble.log.info({ candidate: place.candidate }, 'first in the election');
  try {
    await lead(turn);
  } finally {
    await turn.end(() => signal.aborted);
  }
}

/** A place at the head of the line; undefined when it was lost, or the signal has aborted. */
async function waitInLine(
  { ensemble, self }: Standing,
  scope: SessionScope,
  signal: AbortSignal,
): Promise<Place | undefined> {
  const waiting = AbortSignal.any([scope.ended, signal]);
  let place: Place | undefined;
  try {
    place = await takePlace(ensemble, self, scope, waiting);
    return (await untilFirst(ensemble, place, waiting)) ? place : undefined;
  } catch (error) {
    if (!waiting.aborted) throw error;
    if (place) await giveUp(ensemble, place, scope, () => signal.aborted);
    return undefined;
  }
}
