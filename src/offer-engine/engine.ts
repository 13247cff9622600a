// The shell of the offer engine: queues events, runs `step`, hands effects to frameworks, keeps the one timer.
import type { Clock, Timer } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { createState } from './core/create-state.ts';
import type { Effect, EngineEvent } from './core/events.ts';
import { step } from './core/step.ts';

export type FrameworkEffect = Exclude<Effect, { type: 'wake' }>;

/** A framework's end of its connection. Called outside `step`; may dispatch. */
export interface FrameworkListener {
  onEffect(effect: FrameworkEffect): void;
  /** Everything that was dispatched so far has been applied, and its effects have been told. */
  onSettled?(): void;
}

/** Who else has resources of an agent. */
export interface Holder {
  readonly framework: string;
  readonly by: 'offer' | 'tasks';
}

export interface OfferEngine {
  /** Applied in order, all events of one turn as one batch; not before the caller has returned. */
  dispatch(event: EngineEvent): void;
  /** Effects for `framework` go to the listener from now on. */
  attach(framework: string, listener: FrameworkListener): void;
  detach(framework: string): void;
  /** Frameworks with offers or tasks on the agent, each once, offers first. */
  holdersOf(agent: string): readonly Holder[];
  /** Drops what is queued, and the timer. Nothing happens afterwards. */
  stop(): void;
}

export interface OfferEngineOptions {
  readonly clock: Clock;
  readonly log: Log;
}

/** The number of pods a node may have is bookkeeping, GPUs are scarce: neither says who has had its share. */
const unsharedScalars = ['pods', 'gpus'];

/** Holds no durable state: agents, tasks and limits come again from the API after a restart, frameworks subscribe again. */
export function createOfferEngine({ clock, log }: OfferEngineOptions): OfferEngine {
  const state = createState({ unsharedScalars });
  const listeners = new Map<string, FrameworkListener>();
  let queue: EngineEvent[] = [];
  let isScheduled = false;
  let isStopped = false;
  let timer: Timer | undefined;

  const dispatch = (event: EngineEvent): void => {
    if (isStopped) return;
    queue.push(event);
    if (isScheduled) return;
    isScheduled = true;
    queueMicrotask(drain);
  };

  const drain = (): void => {
    isScheduled = false;
    if (isStopped) return;
    const events = queue;
    queue = [];
    const [only] = events;
    const event: EngineEvent = events.length === 1 && only ? only : { type: 'batch', events };
    for (const effect of step(state, event, clock.monotonicMs()).effects) execute(effect);
    if (queue.length === 0) for (const listener of listeners.values()) listener.onSettled?.();
  };

  const execute = (effect: Effect): void => {
    if (effect.type === 'wake') {
      timer?.cancel();
      timer =
        effect.at === undefined
          ? undefined
          : clock.after(effect.at - clock.monotonicMs(), () => dispatch({ type: 'woken' }));
      return;
    }
    if (effect.type === 'refused') log.warn({ ...effect }, 'an operation on offers was refused');
    listeners.get(effect.framework)?.onEffect(effect);
  };

  return {
    dispatch,
    attach: (framework, listener) => void listeners.set(framework, listener),
    detach: (framework) => void listeners.delete(framework),
    holdersOf(id) {
      const agent = state.agents.get(id);
      if (!agent) return [];
      const offers = new Set([...agent.offers.values()].map(({ framework }) => framework));
      const tasks = new Set([...agent.tasks.values()].map(({ framework }) => framework));
      return [
        ...[...offers].map((framework) => ({ framework: nameOf(framework), by: 'offer' as const })),
        ...[...tasks].map((framework) => ({ framework: nameOf(framework), by: 'tasks' as const })),
      ];
    },
    stop() {
      isStopped = true;
      timer?.cancel();
      queue = [];
    },
  };

  function nameOf(framework: string): string {
    return state.frameworks.get(framework)?.name ?? framework;
  }
}
