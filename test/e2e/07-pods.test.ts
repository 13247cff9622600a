// What pods do, on real parts: ends and restarts, init containers, variables and volumes, probes, logs, images, and
// that a deleted pod leaves nothing. The pods of all tests start together; each test waits for its own.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa, execaSync } from 'execa';
import type { Pod } from '../../src/api/types.gen.ts';
import { startCluster, type Cluster } from './support/cluster.ts';

const shell = (command: string, rest: object = {}) => ({
  name: 'main',
  command: ['/bin/sh', '-c', command],
  ...rest,
});
const pod = (name: string, containers: readonly object[], spec: object = {}, metadata: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, ...metadata },
  spec: { restartPolicy: 'Never', terminationGracePeriodSeconds: 1, containers, ...spec },
});
const shared = (path: string) => ({ volumeMounts: [{ name: 'shared', mountPath: path }] });
const sharedVolume = { volumes: [{ name: 'shared', emptyDir: {} }] };
const from = (name: string, valueFrom: object) => ({ name, valueFrom });

const floodLines = 200_000;
const flood = () =>
  shell(
    `until [ -e /gate/open ]; do sleep 0.1; done; seq -f "%09.0f ${'y'.repeat(90)}" 1 ${floodLines}`,
    shared('/gate'),
  );

/** A layout with one tag, `1`: busybox, user app (1234), and an entrypoint that needs a command. */
function buildImage(layout: string): void {
  const bundle = `${layout}.bundle`;
  const umoci = (...args: string[]) => execaSync('umoci', args);
  umoci('init', '--layout', layout);
  umoci('new', '--image', `${layout}:1`);
  umoci('unpack', '--image', `${layout}:1`, bundle);
  for (const folder of ['bin', 'work', 'etc']) mkdirSync(join(bundle, 'rootfs', folder));
  copyFileSync('/usr/bin/busybox', join(bundle, 'rootfs/bin/busybox'));
  for (const applet of ['sh', 'echo', 'id', 'sleep']) symlinkSync('busybox', join(bundle, 'rootfs/bin', applet));
  umoci('repack', '--image', `${layout}:1`, bundle);
  const entrypoint = ['--config.entrypoint', '/bin/sh', '--config.entrypoint', '-c'];
  const cmd = ['--config.cmd', 'echo $GREETING; pwd; id -u'];
  const rest = ['--config.env', 'GREETING=from the image', '--config.env', 'PATH=/bin', '--config.workingdir', '/work'];
  umoci('config', '--image', `${layout}:1`, ...entrypoint, ...cmd, ...rest, '--config.user', '1234');
}

function manifests(layout: string, gate: string): readonly object[] {
  const probe = (command: string) => ({ exec: { command: ['/bin/sh', '-c', command] }, periodSeconds: 1 });
  const image = (reference: string, rest: object = {}) => ({ name: 'main', image: reference, ...rest });
  return [
    pod('never-0', [shell('exit 0')]),
    pod('never-3', [shell('echo "the reason" > /dev/termination-log; exit 3')]),
    pod('never-log', [shell('echo last words; exit 4', { terminationMessagePolicy: 'FallbackToLogsOnError' })]),
    pod('no-program', [{ name: 'main', command: ['/no/such/program'] }]),
    pod('again', [shell('exit 1')], { restartPolicy: 'OnFailure' }),
    pod('deadline', [shell('sleep 1000')], { activeDeadlineSeconds: 1 }),
    pod('init-order', [shell('cat /s/log; cat /s/log > /dev/termination-log', shared('/s'))], {
      initContainers: [
        shell('echo one >> /s/log', { name: 'first', ...shared('/s') }),
        shell('echo two >> /s/log', { name: 'second', ...shared('/s') }),
      ],
      ...sharedVolume,
    }),
    pod('init-fails', [shell('true')], { initContainers: [shell('echo from init; exit 5', { name: 'first' })] }),
    pod('init-waits', [shell('true')], { initContainers: [shell('sleep 1000', { name: 'first' })] }),
    pod('sidecar', [shell('sleep 1')], {
      initContainers: [
        shell('trap "exit 0" TERM; while true; do sleep 0.1; done', { name: 'side', restartPolicy: 'Always' }),
      ],
    }),
    pod('variables', [variables()], {}, { labels: { 'app.kubernetes.io/name': 'v' } }),
    pod('late', [lateContainer()], {
      restartPolicy: 'Always',
      volumes: [
        { name: 'config', configMap: { name: 'late' } },
        { name: 'etc', emptyDir: {} },
        { name: 'self', downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
      ],
    }),
    pod('probed', [shell('sleep 1; touch ready; sleep 1000', { readinessProbe: probe('cat ready') })]),
    pod('ill', [shell('sleep 1000', { livenessProbe: { ...probe('echo not well; false'), failureThreshold: 1 } })], {
      restartPolicy: 'Always',
    }),
    pod('writer', [
      shell('head -c 100000 /dev/zero | tr "\\0" x; echo; printf "\\001\\377\\n"; printf "no newline"', {
        name: 'odd',
      }),
      shell('for i in 1 2 3 4 5; do echo line $i; done', { name: 'lines' }),
    ]),
    pod('flood', [flood()], { volumes: [{ name: 'shared', hostPath: { path: gate, type: 'Directory' } }] }),
    pod('twice', [shell('echo run; exit 1')], { restartPolicy: 'Always' }),
    pod('from-oci', [image(`oci:${layout}:1`)]),
    pod('from-oci-archive', [image(`oci-archive:${layout}.oci.tar`, { args: ['echo other arguments'] })]),
    pod('from-docker-archive', [image(`docker-archive:${layout}.docker.tar`, { command: ['/bin/id', '-u'] })]),
    pod('from-store', [image('stored:1', { command: ['/bin/sleep', '1000'] })]),
    pod('never-pulled', [image('stored:1', { imagePullPolicy: 'Never' })]),
  ];
}

const variables = () => ({
  ...shell('env | sort', {
    resources: { limits: { cpu: '500m', memory: '64Mi' } },
    envFrom: [{ prefix: 'FROM_', configMapRef: { name: 'config' } }, { secretRef: { name: 'none', optional: true } }],
    env: [
      { name: 'PLAIN', value: 'a' },
      { name: 'EXPANDED', value: '$(PLAIN)/$$(PLAIN)/$(UNKNOWN)' },
      from('POD_NAME', { fieldRef: { fieldPath: 'metadata.name' } }),
      from('LABEL', { fieldRef: { fieldPath: "metadata.labels['app.kubernetes.io/name']" } }),
      from('MEMORY', { resourceFieldRef: { resource: 'limits.memory', divisor: '1Mi' } }),
      from('KEY', { configMapKeyRef: { name: 'config', key: 'key' } }),
      from('PASSWORD', { secretKeyRef: { name: 'secret', key: 'password' } }),
      from('MISSING', { secretKeyRef: { name: 'none', key: 'k', optional: true } }),
    ],
  }),
});

/** Starts with the first version of its ConfigMap, and ends when it sees the second and its own new label. */
const lateContainer = () =>
  shell(
    'touch /etc/late/mark; until grep -q two /config/key && grep -q changed /self/labels; do sleep 0.2; done; ' +
      'printf "saw both" > /dev/termination-log',
    {
      env: [from('KEY', { configMapKeyRef: { name: 'late', key: 'key' } })],
      volumeMounts: [
        { name: 'config', mountPath: '/config' },
        { name: 'self', mountPath: '/self' },
        { name: 'etc', mountPath: '/etc/late' },
      ],
    },
  );

describe('pods', () => {
  let cluster: Cluster;
  let layout: string;
  let gate: string;
  let flooding: Promise<Buffer>;

  before(async () => {
    cluster = await startCluster();
    layout = join(cluster.home, 'image');
    buildImage(layout);
    execaSync('skopeo', ['copy', '-q', `oci:${layout}:1`, `oci-archive:${layout}.oci.tar:1`]);
    execaSync('skopeo', ['copy', '-q', `oci:${layout}:1`, `docker-archive:${layout}.docker.tar:stored:1`]);
    const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'config' }, data: { key: 'value' } };
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'secret' }, stringData: { password: 'p$w' } };
    gate = mkdtempSync(join(tmpdir(), 'tepui-gate-'));
    await apply(config, secret, ...manifests(layout, gate));
    await waitFor('flood', '.status.phase', 'Running');
    flooding = rawLogs('flood', '-f');
  });
  after(async () => {
    await cluster.destroy();
    rmSync(gate, { recursive: true, force: true });
  });

  const apply = (...items: object[]) =>
    cluster.kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  const waitFor = (name: string, path: string, value: string) =>
    cluster.kubectl(['wait', `pod/${name}`, `--for=jsonpath={${path}}=${value}`, '--timeout=60s']);
  const rawLogs = async (...args: string[]): Promise<Buffer> => {
    const options = { env: cluster.environment, encoding: 'buffer', stripFinalNewline: false } as const;
    return Buffer.from((await execa(cluster.kubectlPath, ['logs', ...args], options)).stdout);
  };
  const logs = async (...args: string[]) => (await rawLogs(...args)).toString();
  /** The STATUS column of `kubectl get pod`. */
  const shown = async (name: string) =>
    (await cluster.kubectl(['get', 'pod', name, '--no-headers'])).stdout.split(/\s+/)[2];
  const get = (name: string) => cluster.get<Pod>('pod', name);

  it('end as their exit codes say, with reason and message', async () => {
    await waitFor('never-0', '.status.phase', 'Succeeded');
    for (const name of ['never-3', 'never-log', 'no-program']) await waitFor(name, '.status.phase', 'Failed');
    expect(await Promise.all(['never-0', 'never-3', 'no-program'].map(shown))).to.deep.equal([
      'Completed',
      'Error',
      'StartError',
    ]);
    const { stdout } = await cluster.kubectl(['describe', 'pod', 'never-3', 'never-log']);
    expect(stdout)
      .to.match(/Exit Code:\s+3/)
      .and.to.match(/Message:\s+the reason/);
    expect(stdout).to.match(/Message:\s+last words/);
  });

  it('fail at their deadline, and are restarted with back-off when they may', async () => {
    await waitFor('deadline', '.status.reason', 'DeadlineExceeded');
    await waitFor('again', '.status.containerStatuses[0].state.waiting.reason', 'CrashLoopBackOff');
    const status = (await get('again')).status?.containerStatuses?.[0];
    expect(status?.lastState?.terminated).to.include({ exitCode: 1, reason: 'Error' });
    expect(status?.restartCount).to.be.at.least(1);
  });

  it('run init containers one after the other, and sidecars beside the rest', async () => {
    await waitFor('init-order', '.status.phase', 'Succeeded');
    expect(await logs('init-order')).to.equal('one\ntwo\n');
    await waitFor('init-fails', '.status.phase', 'Failed');
    expect(await shown('init-fails')).to.equal('Init:Error');
    expect(await logs('init-fails', '-c', 'first')).to.equal('from init\n');
    await waitFor('init-waits', '.status.initContainerStatuses[0].started', 'true');
    expect(await shown('init-waits')).to.equal('Init:0/1');
    await waitFor('sidecar', '.status.phase', 'Succeeded');
    expect((await get('sidecar')).status?.initContainerStatuses?.[0]?.state?.terminated?.exitCode).to.equal(0);
  });

  it('get their variables', async () => {
    await waitFor('variables', '.status.phase', 'Succeeded');
    const lines = (await logs('variables')).split('\n');
    const expected = ['EXPANDED=a/$(PLAIN)/$(UNKNOWN)', 'POD_NAME=variables', 'LABEL=v', 'MEMORY=64'];
    expect(lines).to.include.members([...expected, 'KEY=value', 'PASSWORD=p$w', 'FROM_key=value']);
    expect(lines.some((line) => line.startsWith('MISSING='))).to.equal(false);
  });

  it('wait for their ConfigMap, start by themselves, and see what changes', async () => {
    await waitFor('late', '.status.containerStatuses[0].state.waiting.reason', 'CreateContainerConfigError');
    const config = (key: string) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'late' },
      data: { key },
    });
    await apply(config('one'));
    await waitFor('late', '.status.phase', 'Running');
    expect(existsSync('/etc/late')).to.equal(false);
    await apply(config('two'));
    await cluster.kubectl(['label', 'pod', 'late', 'state=changed']);
    await waitFor('late', '.status.containerStatuses[0].lastState.terminated.message', 'saw both');
  });

  it('are ready, and restarted, as their probes say', async () => {
    await cluster.kubectl(['wait', 'pod/probed', '--for=condition=Ready', '--timeout=30s']);
    await waitFor('ill', '.status.containerStatuses[0].lastState.terminated.exitCode', '137');
    const { stdout } = await cluster.kubectl(['get', 'events', '--field-selector', 'involvedObject.name=ill']);
    expect(stdout).to.match(/Unhealthy .*Liveness probe failed: exit code 1: not well/);
    expect(stdout).to.match(/Killing .*liveness probe and will be restarted/);
  });

  it('have logs of every shape', async () => {
    await waitFor('writer', '.status.phase', 'Succeeded');
    const odd = Buffer.concat([
      Buffer.from(`${'x'.repeat(100_000)}\n`),
      Buffer.from([1, 0xff, 10]),
      Buffer.from('no newline'),
    ]);
    expect((await rawLogs('writer', '-c', 'odd')).equals(odd)).to.equal(true);
    expect(await logs('writer', '-c', 'lines', '--tail=2')).to.equal('line 4\nline 5\n');
    expect(await logs('writer', '-c', 'lines', '--limit-bytes=9')).to.equal('line 1\nli');
    expect(await logs('writer', '-c', 'lines', '--since-time=2999-01-01T00:00:00Z')).to.equal('');
    const stamped = await logs('writer', '-c', 'lines', '--timestamps', '--tail=1');
    expect(stamped).to.match(/^\d{4}-\d\d-\d\dT[\d:.]+Z line 5\n$/);
    expect(await logs('writer', '--all-containers', '--prefix')).to.contain('[pod/writer/lines] line 3\n');
    await waitFor('twice', '.status.containerStatuses[0].state.waiting.reason', 'CrashLoopBackOff');
    expect(await logs('twice', '--previous')).to.equal('run\n');
  });

  it('are followed over rotations without loss, until they end', async () => {
    writeFileSync(join(gate, 'open'), '');
    const text = await flooding;
    const lines = text
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => Number(line.slice(0, 9)));
    expect(lines).to.have.length(floodLines);
    expect(lines.every((line, index) => line === index + 1)).to.equal(true);
  });

  it('run from layouts and archives, as the image says', async () => {
    for (const name of ['from-oci', 'from-oci-archive', 'from-docker-archive']) {
      await waitFor(name, '.status.phase', 'Succeeded');
    }
    expect(await logs('from-oci')).to.equal('from the image\n/work\n1234\n');
    expect(await logs('from-oci-archive')).to.equal('other arguments\n');
    expect(await logs('from-docker-archive')).to.equal('1234\n');
    expect((await get('from-oci')).status?.containerStatuses?.[0]?.imageID).to.match(/^sha256:/);
  });

  it('say how to add an image that is not there, start with another at once, and are replaced by a third', async () => {
    await waitFor('never-pulled', '.status.containerStatuses[0].state.waiting.reason', 'ErrImageNeverPull');
    const message = (await get('from-store')).status?.containerStatuses?.[0]?.state?.waiting?.message ?? '';
    const command = /add it with "([^"]*)"/.exec(message)?.[1]?.replace('docker://stored:1', `oci:${layout}:1`) ?? '';
    expect(command).to.match(/^skopeo copy oci:/);
    await execa('/bin/sh', ['-c', command]);
    await cluster.kubectl(['set', 'image', 'pod/from-store', 'main=docker.io/library/stored:1']);
    await waitFor('from-store', '.status.phase', 'Running');
    await cluster.kubectl(['set', 'image', 'pod/from-store', `main=oci:${layout}:1`]);
    await waitFor('from-store', '.status.containerStatuses[0].restartCount', '1');
    await waitFor('from-store', '.status.containerStatuses[0].image', `oci:${layout}:1`);
    const refused = await cluster.tryKubectl(['set', 'env', 'pod/from-store', 'A=b']);
    expect(refused.stderr).to.contain('Forbidden: pod updates may not change fields other than');
  });

  it('leave nothing, whatever state they are deleted in', async () => {
    const [node = ''] = await cluster.nodeNames();
    const containers = join(cluster.home, 'nodes', node, 'containers');
    expect(readdirSync(join(containers, 'pods'))).to.not.deep.equal([]);
    await cluster.kubectl(['delete', 'pod', 'late', 'init-waits', '--force', '--grace-period=0']);
    await cluster.kubectl(['delete', 'pod', '--all', '--timeout=60s']);
    await apply(pod('witness', [shell('exit 0')]));
    await waitFor('witness', '.status.phase', 'Succeeded');
    const uid = (await get('witness')).metadata.uid ?? '';
    expect(readdirSync(join(containers, 'pods'))).to.deep.equal([uid]);
    const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
    expect(mounts.filter((mount) => mount.includes(containers) && !mount.includes(uid))).to.deep.equal([]);
  });
});
