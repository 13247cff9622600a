// The journal in ZooKeeper for those who only look: nothing is made, migrated or claimed.
import { JournalUnavailable } from '../journal-errors.ts';
import type { MediumReader } from '../medium.ts';
import { layoutPath, presentLayout } from './zookeeper-layout.ts';
import { openZookeeperMedium, type ZookeeperMediumOptions } from './zookeeper.ts';

/** Rejects with JournalUnavailable when no journal is there, or one of another version. */
export async function openZookeeperForReading(options: ZookeeperMediumOptions): Promise<MediumReader> {
  const { zookeeper } = options;
  const layout = await zookeeper.get(layoutPath);
  if (!layout) {
    throw new JournalUnavailable(`expected a journal at ${zookeeper.description}, found none: is this the right path?`);
  }
  const text = Buffer.from(layout.data).toString();
  if (versionIn(text) === presentLayout.version) return openZookeeperMedium(options);
  throw new JournalUnavailable(
    `expected version ${presentLayout.version} of the layout at ${zookeeper.description}, found ${text}: ` +
      'use the version of tepui that the servers run',
  );
}

function versionIn(text: string): unknown {
  try {
    return (JSON.parse(text) as { version?: unknown }).version;
  } catch {
    return undefined;
  }
}
