// Our own command line against a running cluster, and a cluster started by an ordinary user.
import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { packagePath } from '../../src/lib/package-root.ts';
import { startCluster, type Cluster } from './support/cluster.ts';
import { commandLine, processesNamed } from './support/traces.ts';

const mainModule = packagePath('dist/src/cmd/main.js');
const deploymentFile = packagePath('manifests/examples/deployment.yaml');
const helloFile = packagePath('manifests/examples/hello.yaml');

const pod = (name: string, spec: object, metadata: object = {}) =>
  JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name, ...metadata }, spec });
const sleeper = { name: 'main', command: ['sleep', '1000'] };

describe('the command line', () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await startCluster();
  });
  after(() => cluster.destroy());

  const output = async (args: readonly string[], input?: string) => (await cluster.tepui(args, input)).stdout;
  const failure = async (args: readonly string[], input?: string) => {
    const { exitCode, stdout, stderr } = await cluster.tryTepui(args, input);
    expect(exitCode, stdout + stderr).to.equal(1);
    expect(stderr).to.not.match(/\n\s+at /);
    return stderr;
  };
  const whenReady = (name: string) => cluster.kubectl(['wait', '--for=condition=Ready', name, '--timeout=30s']);

  it('shows help without arguments, and suggests what was meant', async () => {
    expect(await output([])).to.contain('Usage: tepui');
    expect(await failure(['get', 'pdos'])).to.contain('did you mean "pods"');
    expect(await failure(['descrbe', 'pods'])).to.contain('Did you mean describe?');
    expect(await failure(['logs', 'x', '--tail', 'many'])).to.contain('whole number');
  });

  it('applies, rolls out, describes, explains, logs and deletes', async () => {
    expect(await output(['apply', '-f', deploymentFile, '--dry-run'])).to.equal(
      'deployment.apps/clock created (dry run)',
    );
    expect(await output(['apply', '-f', deploymentFile])).to.equal('deployment.apps/clock created');
    await cluster.kubectl(['rollout', 'status', 'deployment/clock', '--timeout=30s']);
    expect(await output(['apply', '-f', deploymentFile])).to.equal('deployment.apps/clock unchanged');
    expect(await output(['get', 'all', '-o', 'name'])).to.match(/^pod\/clock-.*deployment\.apps\/clock.*replicaset/s);
    expect(await output(['describe', 'deploy', 'clock']))
      .to.match(/Replicas: +3 wanted/)
      .and.match(/Pods:\n.*\n.*Running/);
    expect(await output(['describe', 'node'])).to.match(/Pods \(3\):/);
    expect(await output(['why', 'deploy/clock'])).to.contain('3 of 3 pods are well');
    expect((await output(['logs', 'deploy/clock', '--tail', '1'])).split('\n')).to.have.length(3);
    expect(await output(['delete', 'deploy/clock'])).to.equal('deployment.apps/clock deleted');
  });

  it('names line and column of what the server refuses, and applies the rest', async () => {
    const bad = `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: good }\n---\napiVersion: v1\nkind: Pod
metadata: { name: bad }\nspec:\n  containers:\n    - name: main\n      imagee: x\n`;
    const { stdout, stderr, exitCode } = await cluster.tryTepui(['apply', '-f', '-'], bad);
    expect(exitCode).to.equal(1);
    expect(stdout).to.equal('configmap/good created');
    expect(stderr).to.contain('standard input:11:7: unknown field "spec.containers[0].imagee", did you mean "image"?');
    expect(await failure(['apply', '-f', 'https://example.com/x.yaml'])).to.contain('curl');
  });

  it('says why pods are not well', async () => {
    const big = { ...sleeper, resources: { requests: { cpu: '500' } } };
    const lacking = { ...sleeper, envFrom: [{ configMapRef: { name: 'absent' } }] };
    const crashing = { name: 'main', command: ['sh', '-c', 'exit 3'] };
    await cluster.tepui(['apply', '-f', '-'], pod('big', { containers: [big] }));
    await cluster.tepui(['apply', '-f', '-'], pod('lacking', { containers: [lacking] }));
    await cluster.tepui(['apply', '-f', '-'], pod('crashing', { restartPolicy: 'Never', containers: [crashing] }));
    const waitFor = (condition: string, name: string) =>
      cluster.kubectl(['wait', `--for=${condition}`, `pod/${name}`, '--timeout=30s']);
    await waitFor('condition=PodScheduled=false', 'big');
    await waitFor('jsonpath={.status.containerStatuses[0].state.waiting.reason}=CreateContainerConfigError', 'lacking');
    await waitFor('jsonpath={.status.phase}=Failed', 'crashing');
    expect(await output(['why', 'pod/big'])).to.match(/insufficient cpu; nearest miss: .* needs 500/);
    expect(await output(['why', 'pod/lacking', 'pod/crashing'])).to.match(/"absent" not found.*exit code 3/s);
    await cluster.tepui(['delete', 'pod', 'big', 'lacking', 'crashing', '--now']);
  });

  it('tells what a deletion waits for, and gives up in time', async () => {
    const held = { finalizers: ['example.com/hold'] };
    await cluster.tepui(['apply', '-f', '-'], pod('held', { containers: [sleeper] }, held));
    await whenReady('pod/held');
    expect(await failure(['delete', 'pod/held', '--now', '--timeout', '3s'])).to.contain('finalizers example.com/hold');
    expect(await output(['why', 'pod/held'])).to.contain('waits for finalizers: example.com/hold');
    await cluster.kubectl([
      'patch',
      'pod',
      'held',
      '--type=json',
      '-p',
      '[{"op":"remove","path":"/metadata/finalizers"}]',
    ]);
  });

  it('prints what there is, says what is not', async () => {
    await cluster.tepui(['apply', '-f', '-'], pod('one', { containers: [sleeper] }));
    const { stdout, stderr, exitCode } = await cluster.tryTepui(['get', 'pod', 'one', 'two', '--no-headers']);
    expect([stdout.split(' ')[0], stderr, exitCode]).to.deep.equal(['one', 'error: pods "two" not found', 1]);
    expect(await failure(['get', 'pod', 'one', '-A'])).to.contain('drop --all-namespaces');
  });

  it('watches changes until it is interrupted', async () => {
    const watch = spawn(process.execPath, [mainModule, 'get', 'pods', '-w', '-o', 'name'], {
      env: { ...process.env, ...cluster.environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines: AsyncIterator<string, undefined> = createInterface(watch.stdout)[Symbol.asyncIterator]();
    const until = async (wanted: string) => {
      for (;;) {
        const next = await lines.next();
        if (next.done === true) throw new Error(`the watch ended before ${wanted}`);
        if (next.value === wanted) return;
      }
    };
    await until('pod/one');
    await cluster.tepui(['apply', '-f', '-'], pod('later', { containers: [sleeper] }));
    await until('pod/later');
    const ended = once(watch, 'exit');
    watch.kill('SIGINT');
    expect(await ended).to.deep.equal([130, null]);
  });

  it('does not mind a reader that has seen enough', async () => {
    const shell = `"$0" "$1" get pods -A -o yaml | head -1`;
    const { stdout, stderr } = await execa('sh', ['-c', shell, process.execPath, mainModule], {
      env: cluster.environment,
    });
    expect([stdout, stderr]).to.deep.equal(['apiVersion: v1', '']);
  });

  it('explains why the server does not answer', async () => {
    expect(await failure(['--context', 'nowhere', 'get', 'pods'])).to.contain('known contexts: tepui');
    expect(await failure(['--kubeconfig', '/absent', 'get', 'pods'])).to.contain('cannot read kubeconfig /absent');
  });
});

describe('a cluster of an ordinary user', () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await startCluster({ ordinary: true });
  });
  after(() => cluster.destroy());

  it('says what is degraded and how to mend it', () => {
    expect(cluster.printed.join('\n')).to.match(/Degraded on .*isolation: .*not as root.*run tepui as root/);
  });

  it('runs the example, shows its log and leaves nothing behind', async () => {
    await cluster.kubectl(['apply', '-f', helloFile]);
    await cluster.kubectl(['rollout', 'status', 'deployment/hello', '--timeout=60s']);
    expect((await cluster.kubectl(['logs', 'deployment/hello'])).stdout).to.contain('hello from hello-');
    await cluster.kubectl(['delete', '-f', helloFile]);
    await cluster.kubectl(['wait', '--for=delete', 'pods', '--all', '--timeout=30s']);
    expect(
      processesNamed(`${cluster.home}/nodes`).filter((pid) => !commandLine(pid).includes(' agent ')),
    ).to.deep.equal([]);
  });
});
