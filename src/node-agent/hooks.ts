// Life-cycle hooks: a command inside, an HTTP request, or a pause.
import type { LifecycleHandler } from '../api/types.gen.ts';
import { sleep } from '../lib/clock.ts';
import type { Clock } from '../lib/clock.ts';
import type { Containerizer } from './containerizer.ts';
import { ask } from './probes/probe-target.ts';
import type { ProbeTarget } from './probes/probe-target.ts';

/** A hook has no timeout of its own: the plan ends the container when its grace is over. This one only frees resources. */
const hookTimeoutMs = 600_000;

/** Runs to the end; resolves with why it failed, or undefined. Never rejects. */
export async function runHook(
  containerizer: Pick<Containerizer, 'exec'>,
  clock: Clock,
  target: ProbeTarget,
  hook: LifecycleHandler,
): Promise<string | undefined> {
  if (hook.sleep) {
    await sleep(clock, hook.sleep.seconds * 1000);
    return undefined;
  }
  const answer = await ask(containerizer, target, hook, hookTimeoutMs);
  return answer.passed ? undefined : answer.message;
}
