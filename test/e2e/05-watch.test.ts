// `kubectl get pods -w` beside a storm of creations and deletions: every change, in order.
import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { startCluster, type Cluster } from './support/cluster.ts';

const count = 1000;

/** A pod that is never placed: what is tested is the API, not the node. */
const stormPod = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels: { storm: 'yes' } },
  spec: { nodeSelector: { nowhere: 'exists' }, containers: [{ name: 'main', command: ['true'] }] },
});
const pods = Array.from({ length: count }, (_, index) => stormPod(`storm-${String(index)}`));

/** Parses what `kubectl get --watch --output-watch-events -o json` prints: an event a line. */
async function* readChanges(output: Readable): AsyncGenerator<Change, undefined> {
  for await (const line of createInterface(output)) yield JSON.parse(line) as Change;
  return undefined;
}

interface Change {
  readonly type: string;
  readonly object: { metadata: { name: string; resourceVersion: string } };
}

/** Rejects when an object's versions do not rise, or events come after its deletion. Returns the number of deletions. */
function checkOrder(changes: readonly Change[]): number {
  const versions = new Map<string, number>();
  const deleted = new Set<string>();
  let last = 0;
  for (const { type, object } of changes) {
    const version = Number(object.metadata.resourceVersion);
    expect(deleted.has(object.metadata.name), `${object.metadata.name} after its deletion`).to.equal(false);
    expect(version).to.be.greaterThan(last);
    expect(type === 'ADDED').to.equal(!versions.has(object.metadata.name));
    versions.set(object.metadata.name, version);
    last = version;
    if (type === 'DELETED') deleted.add(object.metadata.name);
  }
  return deleted.size;
}

describe('watch', () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await startCluster();
  });
  after(() => cluster.destroy());

  it('sees 1,000 pods come and go in order', async () => {
    const selection = ['-l', 'storm=yes', '--output-watch-events', '-o', 'json'];
    const watcher = spawn(cluster.kubectlPath, ['get', 'pods', '--watch', ...selection], {
      env: cluster.environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const changes = readChanges(watcher.stdout);
    // The watch is under way once it has shown a pod of its own.
    await cluster.kubectl(['create', '-f', '-'], JSON.stringify(stormPod('first')));
    await changes.next();
    await cluster.kubectl(['create', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: pods }));
    await cluster.kubectl(['delete', 'pods', '-l', 'storm=yes', '--wait=false']);
    const seen: Change[] = [];
    for (let deletions = 0; deletions < count + 1;) {
      const { value } = await changes.next();
      if (value === undefined) throw new Error('the watch ended early');
      seen.push(value);
      if (value.type === 'DELETED') deletions += 1;
    }
    watcher.kill();
    await once(watcher, 'exit');
    expect(checkOrder(seen.filter((change) => change.object.metadata.name !== 'first'))).to.equal(count);
  });
});
