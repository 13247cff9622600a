// The cluster as this server sees it, for `/tepui/v1/cluster` and `/tepui/v1/status`.
import type { ClusterFacts, ClusterStatus, EnsembleServerStatus, ServerStatus } from '../api/cluster-facts.ts';
import type { Election, Member } from '../store/election.ts';
import type { Replica } from '../store/replica.ts';

export interface ClusterViewOptions {
  readonly clusterId: string;
  /** Certificate, PEM. */
  readonly authority: string;
  readonly election: Election;
  readonly replica: Replica;
  /** Id of this server. */
  readonly selfId: string;
  /** Where the journal lies, without credentials. */
  readonly medium: string;
  readonly ensemble: () => Promise<readonly EnsembleServerStatus[]>;
}

export interface ClusterView {
  facts(): ClusterFacts;
  status(): Promise<ClusterStatus>;
  /** `HOST:PORT` of the agent gateways of all servers that are there, the leader's first. */
  gateways(): readonly string[];
}

export function createClusterView(options: ClusterViewOptions): ClusterView {
  const { clusterId, authority, election, medium } = options;
  const gateways = () => {
    const leading = election.leader?.server.gateway;
    const all = election.members.map((member) => member.gateway);
    return [...new Set(leading === undefined ? all : [leading, ...all])];
  };
  return {
    gateways,
    facts: () => ({ clusterId, authority, gateways: gateways() }),
    async status() {
      return {
        clusterId,
        epoch: election.leader?.epoch ?? 0,
        servers: serversOf(options),
        journal: { medium, problem: election.trouble },
        ensemble: await options.ensemble(),
      };
    },
  };
}

/** The leader first. How far others are is known from what they said last: a second ago or more. */
function serversOf({ election, replica, selfId }: ClusterViewOptions): ServerStatus[] {
  const leaderId = election.leader?.server.id;
  const own = { sequence: replica.sequence, revision: replica.store.revision };
  const members = election.members.map((member): Member => (member.id === selfId ? { ...member, ...own } : member));
  const newest = Math.max(0, ...members.map(({ sequence }) => sequence));
  return members
    .map(({ sequence, ...server }): ServerStatus => ({
      ...server,
      role: server.id === leaderId ? 'leader' : 'follower',
      lag: newest - sequence,
    }))
    .sort((a, b) => Number(b.role === 'leader') - Number(a.role === 'leader') || (a.id < b.id ? -1 : 1));
}
