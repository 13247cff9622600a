// One client that creates, increments, deletes and reads, through a server chosen anew each time, at a bounded rate.
import { setTimeout as wait } from 'node:timers/promises';
import type { Version } from '../history/lines.ts';
import type { Random } from './random.ts';
import type { RecordedClient } from './recorded-client.ts';
import type { ServerConnection } from './server-connection.ts';

/** Counters are never deleted: what was added to them stays. Items come and go. */
export const counters = Array.from({ length: 6 }, (_, index) => `counter-${String(index)}`);
export const items = Array.from({ length: 18 }, (_, index) => `item-${String(index)}`);

export interface WorkerOptions {
  readonly client: RecordedClient;
  readonly servers: readonly ServerConnection[];
  readonly random: Random;
  /** Between two operations, on average, in milliseconds. */
  readonly pauseMs: number;
}

/** Works until the signal aborts; what is under way is finished. */
export async function work({ client, servers, random, pauseMs }: WorkerOptions, signal: AbortSignal): Promise<void> {
  /** What this client believes; it may be wrong, and the server says so. */
  const known = new Map<string, Version>();
  while (!signal.aborted) {
    await act(client, random.pick(servers), random, known);
    await wait(random.below(2 * pauseMs), undefined, { signal }).catch(() => undefined);
  }
}

async function act(
  client: RecordedClient,
  server: ServerConnection,
  random: Random,
  known: Map<string, Version>,
): Promise<void> {
  const key = random.pick([...counters, ...items]);
  const chance = random.below(100);
  if (chance < 8) {
    const listed = await client.list(server);
    listed?.items.forEach((item) => known.set(item.key, item));
    return;
  }
  const expect = known.get(key);
  known.delete(key);
  const isItem = items.includes(key);
  if (!expect) await look(client, server, key, known);
  else if (isItem && chance < 25) await client.remove(server, key, expect);
  else if (isItem && chance < 30) await client.create(server, key);
  else remember(known, key, await client.increment(server, key, expect));
}

/** Reads the key, and creates it when it is not there. */
async function look(
  client: RecordedClient,
  server: ServerConnection,
  key: string,
  known: Map<string, Version>,
): Promise<void> {
  const seen = await client.get(server, key);
  remember(known, key, seen === 'absent' ? await client.create(server, key) : seen);
}

function remember(known: Map<string, Version>, key: string, version: Version | undefined): void {
  if (version) known.set(key, version);
}
