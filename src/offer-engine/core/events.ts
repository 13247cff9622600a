// What can happen to the offer engine, and what it wants done about it: plain data on both sides.
import type { Resources, Scalars } from '../../api/resources.ts';
import type { AgentSpec, Offer, Task } from './state.ts';

/** A task as a framework asks for it; agent, framework and role follow from the offer. */
export interface TaskRequest {
  readonly id: string;
  readonly resources: Resources;
}

export type EngineEvent =
  /** All of these, with one allocation at the end. */
  | { readonly type: 'batch'; readonly events: readonly EngineEvent[] }
  /** An agent registered, came back, or changed. */
  | { readonly type: 'agent-registered'; readonly agent: AgentSpec }
  /** An agent cannot be reached or must not be used: its tasks stay charged, nothing is offered. */
  | { readonly type: 'agent-lost'; readonly agent: string }
  /** An agent is gone, and its tasks with it. */
  | { readonly type: 'agent-removed'; readonly agent: string }
  /** A framework (re-)subscribed, or changed its roles. Suppressed roles stay suppressed; new ones are offered to at once. */
  | {
      readonly type: 'framework-subscribed';
      readonly framework: string;
      readonly name: string;
      readonly roles: readonly string[];
      /** See `Framework.minimum`; default: 0.01 cpus or 32 MB, as in Mesos. */
      readonly minimum?: readonly Scalars[];
      /** New roles start suppressed. */
      readonly suppressed?: boolean;
    }
  /** A framework lost its connection: no offers; its tasks run on. */
  | { readonly type: 'framework-disconnected'; readonly framework: string }
  /** A framework is gone, and its tasks with it. */
  | { readonly type: 'framework-removed'; readonly framework: string }
  | { readonly type: 'role-configured'; readonly role: string; readonly weight?: number; readonly limit?: Scalars }
  /** Without `roles`: all of the framework's. */
  | { readonly type: 'suppressed'; readonly framework: string; readonly roles?: readonly string[] }
  /** Offers again, filters forgotten, any agent. */
  | { readonly type: 'revived'; readonly framework: string; readonly roles?: readonly string[] }
  /** Offers again, of these agents only, filters kept (Mesos: REQUEST). */
  | {
      readonly type: 'requested';
      readonly framework: string;
      readonly role: string;
      readonly agents: readonly string[];
    }
  | {
      readonly type: 'declined';
      readonly framework: string;
      readonly offers: readonly string[];
      readonly refuseMs?: number;
    }
  /** Launches tasks on offers of one agent and role; what is left over is declined for `refuseMs`. */
  | {
      readonly type: 'accepted';
      readonly framework: string;
      readonly offers: readonly string[];
      readonly tasks: readonly TaskRequest[];
      readonly refuseMs?: number;
    }
  /** A fact from outside: this runs. Repeating it, or saying it of a task that was launched here, changes nothing. */
  | { readonly type: 'task-observed'; readonly task: Task }
  | { readonly type: 'task-ended'; readonly framework: string; readonly task: string }
  | { readonly type: 'offer-rescinded'; readonly offer: string }
  /** The moment of the last `wake` effect has come. */
  | { readonly type: 'woken' };

export type RefusalReason = 'invalid-offers' | 'exceeds-offer' | 'already-running';

export type Effect =
  | { readonly type: 'offers'; readonly framework: string; readonly offers: readonly Offer[] }
  | { readonly type: 'rescinded'; readonly framework: string; readonly offer: string }
  | { readonly type: 'launched'; readonly framework: string; readonly agent: string; readonly tasks: readonly Task[] }
  | {
      readonly type: 'refused';
      readonly framework: string;
      readonly tasks: readonly string[];
      readonly reason: RefusalReason;
      readonly message: string;
    }
  | {
      readonly type: 'tasks-lost';
      readonly framework: string;
      readonly agent: string;
      readonly tasks: readonly string[];
    }
  /** Call `woken` then; undefined: nothing is waited for. Replaces the earlier one. */
  | { readonly type: 'wake'; readonly at: number | undefined };

/** How long a declined offer stays away when the framework does not say (Mesos: 5 s). */
export const defaultRefuseMs = 5_000;

/** Mesos' default of min_allocatable_resources. */
export const defaultMinimum: readonly Scalars[] = [{ cpus: 10 }, { mem: 32_000 }];
