// What the offer engine knows. One owner holds it and `step` changes it in place: copying 10,000 agents per event would
// cost more than every rule together, and determinism needs only that the same events in the same order give the same state.
import type { Resources, Scalars } from '../../api/resources.ts';

/** An agent as its registration describes it. */
export interface AgentSpec {
  readonly id: string;
  readonly hostname: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly total: Resources;
  /** Scalars kept for a role and the roles below it. They float: what the role holds on the agent counts against them. */
  readonly reservations?: Readonly<Record<string, Scalars>>;
  /** Only these frameworks get offers of this agent; absent: all. */
  readonly offerOnlyTo?: readonly string[];
}

export interface Agent {
  readonly id: string;
  spec: AgentSpec;
  /** False: known and charged, but nothing of it is offered. */
  active: boolean;
  readonly tasks: Map<string, Task>;
  readonly offers: Map<string, Offer>;
  /** Σ tasks; kept by `holdings.ts`. */
  used: Resources;
  /** Σ outstanding offers. */
  offered: Resources;
  /** total − used − offered, never negative. */
  free: Resources;
  refusals: Refusal[];
  /** The refusals that cover all of `free`; undefined: not worked out yet. */
  blocking: readonly Refusal[] | undefined;
}

/** Resources in use on an agent. */
export interface Task {
  /** Unique per framework. */
  readonly id: string;
  readonly agent: string;
  readonly framework: string;
  readonly role: string;
  readonly resources: Resources;
}

export type OfferState = 'outstanding' | 'accepted' | 'declined' | 'rescinded';

export interface Offer {
  readonly id: string;
  readonly agent: string;
  readonly framework: string;
  readonly role: string;
  readonly resources: Resources;
  state: OfferState;
}

export interface Framework {
  readonly id: string;
  name: string;
  active: boolean;
  /** It wants an offer only if one of these amounts is in it; an empty list: anything at all. */
  minimum: readonly Scalars[];
  readonly subjects: Map<string, Subject>;
}

/** A framework in one of its roles: what the allocator offers to. */
export interface Subject {
  /** Dense, for bit sets; reused after removal. */
  readonly index: number;
  readonly framework: Framework;
  readonly role: RoleNode;
  readonly sharer: Sharer;
  subscribed: boolean;
  suppressed: boolean;
  /** Offers are wanted of these agents only (Mesos: REQUEST); undefined: of any. */
  request: ReadonlySet<string> | undefined;
  readonly offers: Set<Offer>;
  readonly filters: Set<Filter>;
  /** Tasks and offers charged to it: it can be forgotten only at zero. */
  holdings: number;
}

/** A node of the tree of roles, or at its leaves a framework in a role. */
export interface Sharer {
  /** Unique among siblings. */
  readonly key: string;
  readonly parent: Sharer | undefined;
  /** In order while `sortedAt` is the totals' version. */
  readonly children: Sharer[];
  sortedAt: number;
  weight: number;
  /** Used and offered, of everything below. */
  held: Scalars;
  /** Dominant share divided by weight. */
  share: number;
  /** Offers ever made below: breaks ties between equal shares. */
  allocations: number;
  /** Leaves below that want offers. */
  active: number;
  subject: Subject | undefined;
}

/** What the whole cluster has. Every change raises the version, which makes all orders stale. */
export interface Totals {
  scalars: Scalars;
  version: number;
  readonly excluded: ReadonlySet<string>;
}

export interface RoleNode {
  readonly path: string;
  readonly parent: RoleNode | undefined;
  readonly sharer: Sharer;
  /** The role's own frameworks: they compete with its child roles as one more sibling. */
  readonly own: Sharer;
  /** The most that the role and everything below may hold; names that are absent are not limited. */
  limit: Scalars | undefined;
  /** Somebody set a weight or a limit: the node stays without frameworks. */
  configured: boolean;
}

/** Everybody who refused the same resources of one agent. */
export interface Refusal {
  readonly agent: Agent;
  readonly refused: Resources;
  bits: Uint32Array;
  count: number;
}

/** One decline. */
export interface Filter {
  readonly subject: Subject;
  /** Milliseconds on the clock of `step`'s `now`; the filter no longer holds then. */
  readonly expiresAt: number;
  readonly refusals: readonly Refusal[];
}

export interface EngineState {
  readonly agents: Map<string, Agent>;
  /** Active agents with something free. */
  readonly idle: Set<Agent>;
  readonly frameworks: Map<string, Framework>;
  readonly tasks: Map<string, Task>;
  readonly offers: Map<string, Offer>;
  /** Top of both sorting levels. */
  readonly root: Sharer;
  readonly roles: Map<string, RoleNode>;
  readonly totals: Totals;
  /** Live decline filters, soonest expiry first. */
  readonly filters: Filter[];
  readonly freeSubjectIndexes: number[];
  subjectCount: number;
  offersMade: number;
  /** When the shell was last asked to call again. */
  wakeAt: number | undefined;
}

/** Where a task is found in `EngineState.tasks`. */
export function taskKey(framework: string, task: string): string {
  return `${framework} ${task}`;
}
