// What people do with kubectl beyond apply: refusals in words, conflicts, quotas, ownership, and the oldest and newest client.
import { expect } from 'chai';
import { execa } from 'execa';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startCluster, type Cluster } from './support/cluster.ts';

const sleeper = (name: string, replicas: number) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  replicas: ${String(replicas)}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      terminationGracePeriodSeconds: 1
      containers: [{ name: c, command: [sleep, '1000'] }]
`;

for (const minor of [27, 35]) {
  describe(`kubectl 1.${String(minor)}`, () => {
    let cluster: Cluster;
    before(async () => {
      cluster = await startCluster({ minor });
    });
    after(() => cluster.destroy());

    const refused = async (args: readonly string[], input?: string): Promise<string> => {
      const { exitCode, stderr } = await cluster.tryKubectl(args, input);
      expect(exitCode, `${args.join(' ')} should fail`).to.equal(1);
      return stderr;
    };

    it('creates every kind imperatively, and says what is not served', async () => {
      for (const words of [
        'namespace made',
        'configmap made --from-literal=a=b',
        'secret generic made --from-literal=a=b',
        'serviceaccount made',
        'quota made --hard=pods=1',
        'priorityclass made --value=5',
        'service clusterip made --tcp=80:8080',
        'deployment made --image=none',
      ]) {
        const [kind = ''] = words.split(' ');
        await cluster.kubectl(['create', ...words.split(' '), ...(kind === 'quota' ? ['-n', 'made'] : [])]);
      }
      expect(await refused(['create', 'token', 'default'])).to.contain('does not serve the subresource "token"');
      expect(await refused(['exec', 'deploy/made', '--', 'true'])).to.contain('does not serve the subresource "exec"');
      await cluster.kubectl(['delete', 'deploy/made', 'svc/made', 'namespace/made', '--timeout=30s']);
    });

    it('is refused malformed names and labels, with a suggestion', async () => {
      const named = (name: string) => JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });
      expect(await refused(['create', '-f', '-'], named('Bad_Name'))).to.contain('try "bad-name"');
      expect(await refused(['label', 'configmap', 'made', 'bad key=1'])).to.contain('metadata.labels');
    });

    it('moves from client-side to server-side apply, and meets conflicts', async () => {
      const apply = ['apply', '--server-side', '-f', '-'];
      await cluster.kubectl(['apply', '-f', '-'], sleeper('web', 1));
      await cluster.kubectl(apply, sleeper('web', 1));
      const other = [...apply, '--field-manager=other'];
      expect(await refused(other, sleeper('web', 2)))
        .to.contain('conflict with "kubectl"')
        .and.contain('.spec.replicas');
      await cluster.kubectl([...other, '--force-conflicts'], sleeper('web', 2));
      await cluster.kubectl(['rollout', 'status', 'deploy/web', '--timeout=30s']);
      expect(
        (await cluster.tryKubectl(['diff', '--server-side', '--field-manager=other', '-f', '-'], sleeper('web', 2)))
          .exitCode,
      ).to.equal(0);
    });

    it('rolls, pauses, restarts and undoes', async () => {
      await cluster.kubectl(['set', 'env', 'deploy/web', 'A=B']);
      await cluster.kubectl(['rollout', 'status', 'deploy/web', '--timeout=30s']);
      await cluster.kubectl(['rollout', 'pause', 'deploy/web']);
      await cluster.kubectl(['rollout', 'resume', 'deploy/web']);
      await cluster.kubectl(['rollout', 'restart', 'deploy/web']);
      await cluster.kubectl(['rollout', 'undo', 'deploy/web', '--to-revision=1']);
      await cluster.kubectl(['rollout', 'status', 'deploy/web', '--timeout=30s']);
      const env = 'jsonpath={.spec.template.spec.containers[0].env}';
      expect((await cluster.kubectl(['get', 'deploy/web', '-o', env])).stdout).to.equal('');
      expect((await cluster.kubectl(['rollout', 'history', 'deploy/web'])).stdout).to.match(/^4 /m);
    });

    it('scales on a condition, and leaves orphans behind when asked', async () => {
      expect(await refused(['scale', 'deploy/web', '--replicas=1', '--current-replicas=9'])).to.contain(
        'Expected replicas to be 9',
      );
      await cluster.kubectl(['scale', 'deploy/web', '--replicas=1', '--current-replicas=2']);
      await cluster.kubectl(['wait', 'deploy/web', '--for=jsonpath={.status.replicas}=1', '--timeout=30s']);
      await cluster.kubectl(['delete', 'deploy/web', '--cascade=orphan']);
      // Three templates were rolled out: undoing brought back the set of the first one.
      const sets = await cluster.get<{ items: { metadata: { ownerReferences?: object[] } }[] }>('rs', '-l', 'app=web');
      expect(sets.items.map(({ metadata }) => metadata.ownerReferences ?? [])).to.deep.equal([[], [], []]);
      await cluster.kubectl(['delete', 'rs', '-l', 'app=web', '--cascade=foreground', '--timeout=30s']);
      expect((await cluster.kubectl(['get', 'pods', '-l', 'app=web', '-o', 'name'])).stdout).to.equal('');
    });

    it('counts a quota exactly, back and forth', async () => {
      const used = async () => (await cluster.get<{ status: { used: object } }>('quota/q', '-n', 'tight')).status.used;
      await cluster.kubectl(['create', 'namespace', 'tight']);
      await cluster.kubectl(['create', 'quota', 'q', '--hard=pods=1,secrets=2', '-n', 'tight']);
      await cluster.kubectl(['create', 'secret', 'generic', 's', '-n', 'tight']);
      await cluster.kubectl(['apply', '-n', 'tight', '-f', '-'], sleeper('web', 3));
      await cluster.kubectl([
        'wait',
        '-n',
        'tight',
        'deploy/web',
        '--for=jsonpath={.status.replicas}=1',
        '--timeout=30s',
      ]);
      expect((await cluster.kubectl(['get', 'events', '-n', 'tight'])).stdout).to.contain(
        'exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1',
      );
      expect(await used()).to.deep.equal({ pods: '1', secrets: '1' });
      await cluster.kubectl([
        'delete',
        '-n',
        'tight',
        'deploy/web',
        'secret/s',
        '--cascade=foreground',
        '--timeout=30s',
      ]);
      expect(await used()).to.deep.equal({ pods: '0', secrets: '0' });
      await cluster.kubectl(['delete', 'namespace', 'tight', '--timeout=30s']);
    });

    it('keeps what a finalizer holds until it goes', async () => {
      await cluster.kubectl(['create', 'configmap', 'held']);
      await cluster.kubectl([
        'patch',
        'configmap',
        'held',
        '--type=merge',
        '-p',
        '{"metadata":{"finalizers":["x.io/y"]}}',
      ]);
      await cluster.kubectl(['delete', 'configmap', 'held', '--wait=false']);
      const stamp = 'jsonpath={.metadata.deletionTimestamp}';
      expect((await cluster.kubectl(['get', 'configmap', 'held', '-o', stamp])).stdout).to.match(/^20/);
      await cluster.kubectl([
        'patch',
        'configmap',
        'held',
        '--type=json',
        '-p',
        '[{"op":"remove","path":"/metadata/finalizers"}]',
      ]);
      expect(await refused(['get', 'configmap', 'held'])).to.contain('configmaps "held" not found');
    });

    it('warns of what has no effect, and of nothing that has', async () => {
      const spec = (more: object) =>
        JSON.stringify({
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: 'p' },
          spec: { containers: [{ name: 'c', command: ['true'] }], ...more },
        });
      const warnings = async (more: object) =>
        (await cluster.kubectl(['create', '--dry-run=server', '-f', '-'], spec(more))).stderr;
      expect(await warnings({ runtimeClassName: 'x' })).to.contain('spec.runtimeClassName is stored but not enforced');
      const hostAliases = [{ ip: '10.0.0.1', hostnames: ['db'] }];
      expect(await warnings({ hostAliases, dnsConfig: { options: [{ name: 'ndots', value: '2' }] } })).to.equal('');
    });

    it('is not alone: OpenSSL clients trust the server, and strangers are told to leave', async () => {
      const view = await cluster.kubectl(['config', 'view', '--raw', '-o', 'json']);
      const [entry] = (
        JSON.parse(view.stdout) as { clusters: { cluster: { server: string; 'certificate-authority-data': string } }[] }
      ).clusters;
      const authority = join(cluster.home, 'ca.pem');
      writeFileSync(authority, Buffer.from(entry?.cluster['certificate-authority-data'] ?? '', 'base64'));
      for (const version of ['--http1.1', '--http2']) {
        const { stdout } = await execa('curl', [
          '-s',
          version,
          '--cacert',
          authority,
          `${entry?.cluster.server ?? ''}/api/v1/pods`,
        ]);
        expect(JSON.parse(stdout)).to.include({ kind: 'Status', reason: 'Unauthorized', code: 401 });
      }
    });
  });
}
