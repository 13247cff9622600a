// An engine that knows nothing yet.
import { createSharer } from './drf.ts';
import type { EngineState } from './state.ts';

export interface EngineOptions {
  /** Scalars that do not count for fairness (Mesos: fair_sharing_excluded_resource_names). */
  readonly unsharedScalars?: readonly string[];
}

export function createState(options: EngineOptions = {}): EngineState {
  return {
    agents: new Map(),
    idle: new Set(),
    frameworks: new Map(),
    tasks: new Map(),
    offers: new Map(),
    root: createSharer('', undefined),
    roles: new Map(),
    totals: { scalars: {}, version: 0, excluded: new Set(options.unsharedScalars ?? []) },
    filters: [],
    freeSubjectIndexes: [],
    subjectCount: 0,
    offersMade: 0,
    wakeAt: undefined,
  };
}
