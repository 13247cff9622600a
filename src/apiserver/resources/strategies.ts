// Which kinds are special. A row here and a file beside it; a plain kind needs neither.
import { immutable } from '../causes.ts';
import { numberAt } from '../json-path.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { Strategy } from '../strategy.ts';
import { quotaStrategy } from '../admission/resource-quota.ts';
import { appStrategy } from './app.ts';
import { configMapStrategy, secretStrategy } from './configuration.ts';
import { eventsShape } from './events-shape.ts';
import { namespaceStrategy } from './namespace.ts';
import { podStrategy } from './pod.ts';
import { createAddressPool } from './service-addresses.ts';
import { createServiceStrategy } from './service.ts';
import { deploymentStrategy, replicaSetStrategy } from './workload.ts';

const defaultServiceRange = '10.96.0.0/12';

const priorityClassStrategy: Strategy = {
  validateUpdate: (next, live) =>
    numberAt(next, 'value') === numberAt(live, 'value') ? [] : [immutable('value', numberAt(next, 'value'))],
};

/** By plural and group, as in `createRegistry`. */
export function createStrategies(deps: Pick<ApiDependencies, 'serviceRange'>): Readonly<Record<string, Strategy>> {
  const pool = createAddressPool(deps.serviceRange ?? defaultServiceRange);
  return {
    'apps.tepui.dev': appStrategy,
    'deployments.apps': deploymentStrategy,
    'events.events.k8s.io': { shape: eventsShape, createOnUpdate: true },
    'leases.coordination.k8s.io': { createOnUpdate: true },
    'priorityclasses.scheduling.k8s.io': priorityClassStrategy,
    'replicasets.apps': replicaSetStrategy,
    configmaps: configMapStrategy,
    endpoints: { createOnUpdate: true },
    events: { createOnUpdate: true },
    namespaces: namespaceStrategy,
    nodes: { keepsStatusOnCreate: true },
    pods: podStrategy,
    resourcequotas: quotaStrategy,
    secrets: secretStrategy,
    services: createServiceStrategy(pool),
  };
}
