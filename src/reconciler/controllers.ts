// The table of controllers. A new one is a folder of two files, plan.ts and reconcile.ts, and a row here.
import type { ControllerFactory } from './context.ts';
import { createAppController } from './controllers/app/reconcile.ts';
import { createDeploymentController } from './controllers/deployment/reconcile.ts';
import { createEndpointsController } from './controllers/endpoints/reconcile.ts';
import { createEventExpiryController } from './controllers/event-expiry/reconcile.ts';
import { createGarbageCollector } from './controllers/garbage-collector/reconcile.ts';
import { createNamespaceController } from './controllers/namespace/reconcile.ts';
import { createNamespaceDefaultsController } from './controllers/namespace-defaults/reconcile.ts';
import { createNodeLifecycleController } from './controllers/node-lifecycle/reconcile.ts';
import { createPodGarbageCollector } from './controllers/pod-gc/reconcile.ts';
import { createReplicaSetController } from './controllers/replica-set/reconcile.ts';

export const controllers: readonly ControllerFactory[] = [
  createAppController,
  createDeploymentController,
  createReplicaSetController,
  createGarbageCollector,
  createNamespaceController,
  createNamespaceDefaultsController,
  createNodeLifecycleController,
  createPodGarbageCollector,
  createEndpointsController,
  createEventExpiryController,
];
