// What every controller gets from the composition root.
import type { Client } from '../client/client.ts';
import type { EventRecorder } from '../client/event-recorder.ts';
import type { Informers } from '../client/informers.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Controller } from './controller.ts';

export interface ControllerContext {
  /** Writes resolve when the informers reflect them (client/consistent-client.ts). */
  readonly client: Client;
  readonly informers: Informers;
  /** An event recorder that speaks as `component`. */
  readonly recorder: (component: string) => EventRecorder;
  readonly clock: Clock;
  readonly log: Log;
  /** PEM of the cluster's certificate authority: what pods trust. */
  readonly clusterCa: string;
}

export type ControllerFactory = (context: ControllerContext) => Controller;
