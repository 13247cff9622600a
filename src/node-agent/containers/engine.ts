// What the steps of the containerizer have in common: the parts chosen for this host.
import type { Cgroups } from '../../isolators/cgroups/hierarchy.ts';
import type { NodeFacts } from '../../isolators/field-ref.ts';
import type { Isolator } from '../../isolators/isolator.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { ImageStore } from '../images/image-store.ts';
import type { Launcher } from '../launchers/launcher.ts';
import type { Layout } from './layout.ts';
import type { LogLimits } from './log-rotation.ts';

export interface Engine {
  readonly layout: Layout;
  readonly launcher: Launcher;
  /** In table order. */
  readonly isolators: readonly Isolator[];
  /** Undefined where nothing is isolated. */
  readonly cgroups: Cgroups | undefined;
  readonly images: ImageStore;
  readonly node: () => NodeFacts;
  readonly logLimits: LogLimits;
  readonly clock: Clock;
  readonly log: Log;
}
