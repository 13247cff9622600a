// Deletes Events an hour after they were last seen. The queue's one timer stands for the oldest; nothing is scanned.
import type { Event } from '../../../api/types.gen.ts';
import type { ControllerFactory } from '../../context.ts';
import { deleteObject } from '../../delete-object.ts';
import { parseKey } from '../../keys.ts';
import type { Reconcile } from '../../reconciler.ts';
import { events } from '../../resources.ts';
import { itself } from '../../source.ts';
import { remainingMs, slimEvent } from './plan.ts';

export const createEventExpiryController: ControllerFactory = ({ client, informers, clock }) => {
  const all = informers.of<Event>(events, { project: slimEvent });
  const reconcile: Reconcile = async (key) => {
    const { namespace, name } = parseKey(key);
    const event = all.get(namespace, name);
    if (!event) return undefined;
    const requeueAfterMs = remainingMs(event, clock.now());
    if (requeueAfterMs > 0) return { requeueAfterMs };
    const { resourceVersion } = event.metadata;
    await deleteObject(
      client,
      events,
      event,
      resourceVersion === undefined ? {} : { preconditions: { resourceVersion } },
    );
    return undefined;
  };
  return { name: 'event-expiry', sources: [itself(all)], reconcile };
};
