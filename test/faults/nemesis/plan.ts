// What goes wrong, when and for how long: drawn from a seed before the run begins, so that the seed makes it again.
import { createRandom, type Random } from '../load/random.ts';

/** Who leads is known only at the moment of the fault. */
export type Victim = 'leader' | 'standby' | 'zookeeper' | 'two zookeepers' | 'agent';

export type Fault = {
  /** How long it lasts before it is undone. */
  readonly holdMs: number;
  /** After everything works again, until the next. */
  readonly pauseMs: number;
  /** Chooses among several that it could be. */
  readonly choice: number;
} & (
  | { readonly kind: 'kill' | 'freeze'; readonly victim: Victim }
  | { readonly kind: 'cut'; readonly from: 'zookeepers' | 'agents' | 'standbys' }
  | { readonly kind: 'clock'; readonly victim: Victim; readonly seconds: number }
  | { readonly kind: 'slow disk'; readonly flushMs: number }
);

export type FaultKind = Fault['kind'];

/** What is possible in a system. */
export interface Possible {
  readonly kinds: readonly FaultKind[];
  readonly victims: readonly Victim[];
}

export function planFaults(seed: number, count: number, { kinds, victims }: Possible): Fault[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => drawFault(random, random.pick(kinds), victims));
}

/** Some faults are over before a session times out, some last longer. */
function drawFault(random: Random, kind: FaultKind, victims: readonly Victim[]): Fault {
  const times = { holdMs: 200 + random.below(random.pick([1500, 9000])), pauseMs: random.below(1500) };
  const common = { ...times, choice: random.below(1000) };
  switch (kind) {
    case 'kill':
    case 'freeze':
      // What becomes of killed agents is tested with a single server.
      return { kind, ...common, victim: random.pick(victims.filter((victim) => victim !== 'agent')) };
    case 'cut':
      return { kind, ...common, from: random.pick(['zookeepers', 'agents', 'standbys']) };
    case 'clock':
      // A process looks at its clock file once a second.
      return { kind, ...common, holdMs: common.holdMs + 1500, victim: random.pick(victims), seconds: jump(random) };
    case 'slow disk':
      return { kind, ...common, flushMs: random.pick([50, 300, 1000]) };
  }
}

/** Seconds, or hours, forward or back. */
const jump = (random: Random) => random.pick([-1, 1]) * (1 + random.below(random.pick([10, 10_000])));

export function describeFault(fault: Fault): string {
  const duration = `for ${String(fault.holdMs)} ms`;
  switch (fault.kind) {
    case 'kill':
    case 'freeze':
      return `${fault.kind} ${fault.victim} ${duration}`;
    case 'cut':
      return `cut the leader from ${fault.from} ${duration}`;
    case 'clock':
      return `clock of ${fault.victim} jumps by ${String(fault.seconds)} s ${duration}`;
    case 'slow disk':
      return `flushes of a zookeeper take ${String(fault.flushMs)} ms more ${duration}`;
  }
}
