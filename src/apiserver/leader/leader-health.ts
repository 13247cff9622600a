// Whether writes can go anywhere, for /readyz.
import type { Leadership } from '../leadership.ts';
import type { HealthCheck } from '../version.ts';

/** Not well while nobody is known to lead. A follower of a known leader is ready: it hands requests on. */
export function leaderCheck(leadership: Leadership): HealthCheck {
  return {
    name: 'leader',
    problem: () => {
      const { part, leaderApi, trouble } = leadership;
      if (part === 'leading' || (part === 'following' && leaderApi !== undefined)) return undefined;
      return `writes are refused: ${trouble === '' ? 'no server leads at the moment' : trouble}`;
    },
  };
}
