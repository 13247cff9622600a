// What a follower does ahead of its turn, so that the first writes after a take-over need not wait for it.
import { kinds } from '../api/kinds.ts';
import type { Validator } from '../api/validation.ts';
import type { Leadership } from '../apiserver/leadership.ts';
import { sleep, type Clock } from '../lib/clock.ts';
import { aborted } from '../lib/run-group.ts';

export interface Preparing {
  readonly validator: Validator;
  readonly leadership: Leadership;
  readonly clock: Clock;
}

/** Each schema holds the event loop for a moment when it is compiled: others come first. */
const pauseMs = 200;

/**
 * Compiles every schema once another server leads: all of them take half a second and more. A server that is alone
 * compiles only what it needs. An actor: ends with the signal.
 */
export async function prepareToLead({ validator, leadership, clock }: Preparing, signal: AbortSignal): Promise<void> {
  await untilFollowing(leadership, signal);
  for (const { schema } of kinds) {
    await sleep(clock, pauseMs, signal).catch(() => undefined);
    if (signal.aborted) return;
    validator.validate(schema, {});
  }
  await aborted(signal);
}

async function untilFollowing(leadership: Leadership, signal: AbortSignal): Promise<void> {
  let stop: () => void = () => undefined;
  const follows = new Promise<void>((resolve) => {
    const look = () => {
      if (leadership.leaderApi !== undefined) resolve();
    };
    stop = leadership.onChange(look);
    look();
  });
  await Promise.race([follows, aborted(signal)]);
  stop();
}
