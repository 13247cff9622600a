// Media of the journal over one ensemble in memory, as several servers have them.
import { silentLog } from '../../src/lib/log.ts';
import type { Entry, Medium } from '../../src/store/medium.ts';
import { openZookeeperMedium, type ZookeeperMediumOptions } from '../../src/store/media/zookeeper.ts';
import { createFakeEnsemble, type FakeEnsemble, type FakeZookeeper } from './fake-zookeeper.ts';

export interface Server {
  readonly zookeeper: FakeZookeeper;
  readonly medium: Medium;
}

export async function openServer(
  ensemble: FakeEnsemble = createFakeEnsemble(),
  options: Partial<ZookeeperMediumOptions> = {},
): Promise<Server> {
  const zookeeper = ensemble.connect();
  return { zookeeper, medium: await openZookeeperMedium({ zookeeper, log: silentLog, ...options }) };
}

export const entry = (sequence: number, text = `entry ${sequence}`): Entry => ({ sequence, bytes: Buffer.from(text) });

/** The texts of all entries from a sequence. */
export async function texts(pages: AsyncIterable<readonly Entry[]>): Promise<string[]> {
  const all: string[] = [];
  for await (const page of pages) all.push(...page.map(({ bytes }) => Buffer.from(bytes).toString()));
  return all;
}

/** Sequences of the entries that the ensemble has, ascending. */
export function entriesOf(ensemble: FakeEnsemble): number[] {
  const paths = [...ensemble.nodes.keys()].filter((path) => /^\/log\/\d+\/\d+$/.test(path));
  return paths.map((path) => Number(path.slice(path.lastIndexOf('/') + 1))).sort((a, b) => a - b);
}

export async function compact(medium: Medium, epoch: number, snapshot: number): Promise<void> {
  await medium.putPiece(epoch, snapshot, 0, Buffer.from('piece'));
  await medium.sealSnapshot(epoch, snapshot, Buffer.from('seal'));
  await medium.dropBelow(epoch, snapshot);
}

export const sequences = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);
