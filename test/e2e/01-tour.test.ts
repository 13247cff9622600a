// The tour of the README, by real kubectl binaries, oldest and newest: apply, roll, undo, scale, explain, diff, delete.
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { packagePath } from '../../src/lib/package-root.ts';
import { startCluster, type Cluster } from './support/cluster.ts';
import { cgroupsNamed, mountsNamed, processesNamed } from './support/traces.ts';

const helloFile = packagePath('manifests/examples/hello.yaml');
const hello = readFileSync(helloFile, 'utf8');

interface PodList {
  readonly items: { metadata: { name: string; uid: string } }[];
}

for (const minor of [27, 35]) {
  describe(`the tour with kubectl 1.${String(minor)}`, () => {
    let cluster: Cluster;
    const uids = new Set<string>();

    const rememberPods = async () => {
      for (const pod of (await cluster.get<PodList>('pods')).items) uids.add(pod.metadata.uid);
    };

    /** The log of the youngest pod: old ones may still be on their way out. */
    const newestLog = async () => {
      const names = await cluster.kubectl(['get', 'pods', '--sort-by=.metadata.creationTimestamp', '-o', 'name']);
      return (await cluster.kubectl(['logs', names.stdout.split('\n').at(-1) ?? ''])).stdout;
    };

    before(async () => {
      cluster = await startCluster({ minor });
    });
    after(() => cluster.destroy());

    it('applies an App and rolls it out', async () => {
      expect((await cluster.kubectl(['apply', '-f', helloFile])).stdout).to.contain('hello created');
      await cluster.kubectl(['rollout', 'status', 'deployment/hello', '--timeout=60s']);
      const table = (await cluster.kubectl(['get', 'apps,deploy,rs,pods', '-o', 'wide'])).stdout;
      expect(table).to.match(/app\.tepui\.dev\/hello\s+2\/2/);
      expect(table).to.match(/deployment\.apps\/hello\s+2\/2/);
      expect(table).to.match(/pod\/hello-\S+\s+1\/1\s+Running/);
      await rememberPods();
    });

    it('shows what the app prints', async () => {
      const pod = (await cluster.get<PodList>('pods')).items[0]?.metadata.name ?? '';
      expect((await cluster.kubectl(['logs', pod])).stdout).to.contain(`hello from ${pod}`);
      expect((await cluster.kubectl(['logs', 'deploy/hello', '--tail=1'])).stdout.split('\n')).to.have.length(1);
    });

    it('finds nothing to change in the same file', async () => {
      const diff = await cluster.tryKubectl(['diff', '-f', helloFile]);
      expect(diff).to.deep.include({ exitCode: 0, stdout: '' });
      expect((await cluster.kubectl(['apply', '-f', helloFile])).stdout).to.contain('unchanged');
    });

    it('rolls an edited file out, and back by rollout undo', async () => {
      const edited = hello.replace('hello from', 'good morning from');
      await cluster.kubectl(['apply', '-f', '-'], edited);
      await cluster.kubectl(['rollout', 'status', 'deployment/hello', '--timeout=60s']);
      await rememberPods();
      expect(await newestLog()).to.contain('good morning from');
      await cluster.kubectl(['rollout', 'undo', 'deployment/hello']);
      await cluster.kubectl(['rollout', 'status', 'deployment/hello', '--timeout=60s']);
      await rememberPods();
      expect(await newestLog()).to.contain('hello from');
      expect((await cluster.kubectl(['rollout', 'history', 'deployment/hello'])).stdout).to.match(/^3\s/m);
    });

    it('scales', async () => {
      await cluster.kubectl(['scale', 'deployment/hello', '--replicas=4']);
      await cluster.kubectl(['rollout', 'status', 'deployment/hello', '--timeout=60s']);
      await rememberPods();
      expect((await cluster.get<PodList>('pods')).items).to.have.length.at.least(4);
    });

    it('describes and explains', async () => {
      const described = (await cluster.kubectl(['describe', 'pod', '-l', 'app.kubernetes.io/name=hello'])).stdout;
      for (const word of ['Scheduled', 'Started', 'Node:', 'Ready', 'Container ID:'])
        expect(described).to.contain(word);
      expect((await cluster.kubectl(['describe', 'app', 'hello'])).stdout).to.contain('Replicas');
      expect((await cluster.kubectl(['describe', 'deployment', 'hello'])).stdout).to.contain('NewReplicaSet');
      expect((await cluster.kubectl(['describe', 'node'])).stdout).to.contain('Allocatable');
      expect((await cluster.kubectl(['explain', 'app.spec.resources'])).stdout).to.match(/limits/);
      expect((await cluster.kubectl(['explain', 'pod.spec.containers'])).stdout).to.match(/livenessProbe/);
    });

    it('leaves nothing behind after delete', async () => {
      await cluster.kubectl(['delete', '-f', helloFile]);
      await cluster.kubectl(['wait', '--for=delete', 'pods', '--all', '--timeout=90s']);
      expect((await cluster.get<PodList>('deploy,rs,pods')).items).to.deep.equal([]);
      expect(uids.size).to.be.at.least(6);
      for (const uid of uids) {
        expect(processesNamed(uid), 'processes').to.deep.equal([]);
        expect(cgroupsNamed(uid), 'cgroups').to.deep.equal([]);
        expect(mountsNamed(uid), 'mounts').to.deep.equal([]);
      }
    });
  });
}
