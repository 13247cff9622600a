// Disaster: a backup, the loss of everything that the server kept, a restore. What ran never notices.
import { expect } from 'chai';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { startCluster, type Cluster } from './support/cluster.ts';

interface PodList {
  readonly items: {
    readonly metadata: { readonly name: string; readonly uid: string };
    readonly status: { readonly containerStatuses: { readonly containerID: string; readonly restartCount: number }[] };
  }[];
}

const sleeper = (name: string) =>
  JSON.stringify({
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name } },
    spec: { containers: [{ name: 'main', command: ['sleep', '10000'] }], terminationGracePeriodSeconds: 1 },
  });

describe('a cluster that lost its journal', () => {
  let cluster: Cluster;
  let file: string;
  before(async () => {
    cluster = await startCluster({ journal: 'embedded' });
    file = join(cluster.home, 'saved.backup');
  });
  after(() => cluster.destroy());

  const running = async () =>
    (await cluster.get<PodList>('pods')).items.map(({ metadata, status }) => ({
      ...{ name: metadata.name, uid: metadata.uid },
      containers: status.containerStatuses.map(({ containerID, restartCount }) => [containerID, restartCount]),
    }));

  it('goes on from a backup, and its running pods are adopted', async () => {
    await cluster.kubectl(['apply', '-f', '-'], sleeper('kept'));
    await cluster.kubectl(['wait', '--for=condition=Ready', 'pod/kept', '--timeout=30s']);
    const before = await running();
    const { stderr } = await cluster.tepui(['backup', file]);
    expect(stderr).to.match(/Saved \d+ objects of the cluster/);
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    await cluster.kubectl(['apply', '-f', '-'], sleeper('later'));
    await cluster.kubectl(['wait', '--for=condition=Ready', 'pod/later', '--timeout=30s']);
    const authority = readFileSync(join(cluster.home, 'pki/ca.crt'), 'utf8');

    await cluster.stop('SIGKILL');
    for (const lost of ['journal', 'pki', 'kubeconfig']) rmSync(join(cluster.home, lost), { recursive: true });
    const restored = await cluster.tepui(['restore', file, '--home', cluster.home]);
    expect(restored.stdout).to.contain('goes on from revision 2000000000');
    await cluster.start();

    expect(readFileSync(join(cluster.home, 'pki/ca.crt'), 'utf8')).to.equal(authority);
    await cluster.kubectl(['wait', '--for=condition=Ready', 'pod/kept', '--timeout=30s']);
    expect(await running()).to.deep.equal(before);
  });

  it('can be looked at once it has stopped, and not while it runs', async () => {
    const { exitCode, stderr } = await cluster.tryTepui(['journal', 'check', '--home', cluster.home]);
    expect([exitCode, stderr.includes('in use')]).to.deep.equal([2, true]);
    await cluster.stop();
    const { stdout } = await cluster.tepui(['journal', 'check', '--home', cluster.home]);
    expect(stdout).to.contain('is whole');
    const shown = await cluster.tepui(['journal', 'show', '--home', cluster.home, '--key', 'pods/default/kept']);
    expect(shown.stdout).to.match(/put: pods\/default\/kept\n +object:/);
  });
});
