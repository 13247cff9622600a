// Runs actors together: the first to end ends all. The shape of every composition root.
import { setMaxListeners } from 'node:events';

/** An actor works until its signal aborts; returning or throwing earlier ends the whole group. */
export type Actor = (signal: AbortSignal) => Promise<void>;

/**
 * Starts all actors and waits until every one has ended. Rejects with the first error, if any.
 * @param parent aborting it ends the group without error
 */
export async function runGroup(actors: readonly Actor[], parent?: AbortSignal): Promise<void> {
  const controller = new AbortController();
  // Any number of actors and of what they wait for may listen; that is no leak.
  setMaxListeners(0, controller.signal);
  const onParent = () => controller.abort();
  if (parent?.aborted) controller.abort();
  parent?.addEventListener('abort', onParent, { once: true });
  const errors: unknown[] = [];
  const run = async (actor: Actor) => {
    try {
      await actor(controller.signal);
    } catch (error) {
      if (!controller.signal.aborted) errors.push(error);
    } finally {
      controller.abort();
    }
  };
  await Promise.all(actors.map(run));
  parent?.removeEventListener('abort', onParent);
  if (errors.length > 0) throw errors[0];
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
