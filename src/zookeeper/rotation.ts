// Which server of the ensemble is asked next, and after how long a pause. Pure, but for the randomness that it is given.
import type { ServerAddress } from './address.ts';

export interface Rotation {
  /** The server to ask now. */
  readonly server: ServerAddress;
  /** How often every server was tried in vain since the last success. */
  readonly round: number;
  /** The server was of no use: the next one. */
  advance(): void;
  /** It answered: the failures before it are forgotten. */
  succeed(): void;
}

/** Begins anywhere, so that many clients spread over the servers. */
export function createRotation(servers: readonly ServerAddress[], random: () => number): Rotation {
  const order = shuffled(servers, random);
  const [first] = order;
  if (!first) throw new Error('a ZooKeeper connection string without servers');
  let failures = 0;
  let at = 0;
  return {
    get server() {
      return order[at] ?? first;
    },
    get round() {
      return Math.floor(failures / order.length);
    },
    advance() {
      failures += 1;
      at = (at + 1) % order.length;
    },
    succeed() {
      failures = 0;
    },
  };
}

function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
