// Makes what strategies may see while one write is made.
import type { Draft } from '../store/store.ts';
import type { Call } from './server-parts.ts';
import type { WriteContext } from './strategy.ts';

export function createWriteContext(call: Call, draft: Draft, dryRun: boolean): WriteContext {
  const { deps } = call.parts;
  return {
    deps,
    draft,
    time: formatTime(deps.clock.now()),
    user: call.user,
    namespace: call.info.namespace,
    dryRun,
    warn: (text) => void call.warnings.add(text),
  };
}

/** RFC 3339, whole seconds, UTC: metav1.Time. */
export function formatTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
