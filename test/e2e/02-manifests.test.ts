// Manifests as users have them: every example, a Deployment from the documentation, and files with mistakes.
import { expect } from 'chai';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { packagePath } from '../../src/lib/package-root.ts';
import { startCluster, type Cluster } from './support/cluster.ts';

const examples = packagePath('manifests/examples');

/** @param app differs per test: pods of a deleted Deployment take their time to end, and a selector would still find them */
const web = (container: string, app = 'nginx') => `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${app}-deployment
  labels:
    app: ${app}
spec:
  replicas: 3
  selector:
    matchLabels:
      app: ${app}
  template:
    metadata:
      labels:
        app: ${app}
    spec:
      containers:
      - name: nginx
        ${container}
        ports:
        - containerPort: 80
`;

describe('manifests', () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await startCluster();
  });
  after(() => cluster.destroy());

  for (const file of readdirSync(examples)) {
    it(`applies examples/${file}, finds no difference, and deletes it`, async () => {
      await cluster.kubectl(['apply', '-f', join(examples, file)]);
      expect((await cluster.tryKubectl(['diff', '-f', join(examples, file)])).exitCode).to.equal(0);
      await cluster.kubectl(['delete', '-f', join(examples, file), '--timeout=60s']);
    });
  }

  it('runs a Deployment as the Kubernetes documentation has it, image aside', async () => {
    await cluster.kubectl(['apply', '-f', '-'], web("command: ['sh', '-c', 'echo serving; exec sleep 1000']"));
    await cluster.kubectl(['rollout', 'status', 'deployment/nginx-deployment', '--timeout=60s']);
    expect((await cluster.kubectl(['logs', '-l', 'app=nginx'])).stdout.match(/serving/g)).to.have.length(3);
    await cluster.kubectl(['delete', 'deployment', 'nginx-deployment']);
  });

  it('says why an image cannot be had', async () => {
    await cluster.kubectl(['apply', '-f', '-'], web('image: nginx:1.14.2', 'absent'));
    const waiting = 'jsonpath={.items[0].status.containerStatuses[0].state.waiting.message}';
    await cluster.kubectl([
      'wait',
      'pods',
      '-l',
      'app=absent',
      '--for=jsonpath={.status.containerStatuses[0].state.waiting.message}',
      '--timeout=30s',
    ]);
    expect((await cluster.kubectl(['get', 'pods', '-l', 'app=absent', '-o', waiting])).stdout).to.contain(
      'nginx:1.14.2',
    );
    await cluster.kubectl(['delete', 'deployment', 'absent-deployment']);
  });

  it('refuses a misspelt field with its path and a suggestion', async () => {
    const refused = await cluster.tryKubectl(['apply', '-f', '-'], web('imagee: nginx'));
    expect(refused.exitCode).to.equal(1);
    expect(refused.stderr).to.contain('unknown field "spec.template.spec.containers[0].imagee"');
    expect(refused.stderr).to.contain('did you mean "image"');
  });

  it('refuses what cannot be right, with the path', async () => {
    const refused = await cluster.tryKubectl(
      ['apply', '-f', '-'],
      web("command: ['true']").replace('replicas: 3', 'replicas: -1'),
    );
    expect(refused.exitCode).to.equal(1);
    expect(refused.stderr).to.contain('spec.replicas');
  });

  it('says within two seconds why a pod cannot be placed', async () => {
    const huge = web("command: ['true']", 'huge').replace(
      'ports:',
      'resources: { requests: { cpu: "1000" } }\n        ports:',
    );
    await cluster.kubectl(['apply', '-f', '-'], huge);
    await cluster.kubectl(['wait', 'pods', '-l', 'app=huge', '--for=condition=PodScheduled=False', '--timeout=2s']);
    const pod = (await cluster.kubectl(['get', 'pods', '-l', 'app=huge', '-o', 'name'])).stdout.split('\n')[0] ?? '';
    expect((await cluster.kubectl(['describe', pod])).stdout).to.match(/0\/1 nodes are available.*insufficient cpu/i);
    expect((await cluster.tepui(['why', pod])).stdout).to.match(/cpu/);
    await cluster.kubectl(['delete', 'deployment', 'huge-deployment']);
  });
});
