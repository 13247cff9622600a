// No running container was restarted or ended: the process that was there at first is there in the end, the same one.
import type { History } from '../history/history.ts';
import type { ContainerLine } from '../history/lines.ts';
import { groupBy } from './group-by.ts';
import { verdict, type Verdict } from './verdict.ts';

export function checkContainers({ containers }: History): Verdict {
  const byPod = groupBy(containers, ({ pod }) => pod);
  const newest = Math.max(0, ...containers.map(({ at }) => at));
  const violations = [...byPod].flatMap(([pod, seen]) => [...replaced(pod, seen), ...gone(pod, seen, newest)]);
  return verdict(`${String(byPod.size)} containers, looked at ${String(containers.length)} times`, violations);
}

function replaced(pod: string, seen: readonly ContainerLine[]): string[] {
  const processes = new Set(seen.map(({ pid, started }) => `${String(pid)} started at ${String(started)}`));
  const restarts = Math.max(...seen.map((line) => line.restarts));
  return [
    ...(processes.size > 1 ? [`${pod} ran as different processes: ${[...processes].join(', ')}`] : []),
    ...(restarts > 0 ? [`${pod} was restarted ${String(restarts)} times`] : []),
  ];
}

/** Every look writes down all containers with one time. */
function gone(pod: string, seen: readonly ContainerLine[], newest: number): string[] {
  return seen.some(({ at }) => at === newest) ? [] : [`${pod} was there, but not at the last look`];
}
