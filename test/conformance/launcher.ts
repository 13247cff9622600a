// What every launcher must do, isolated or not: run, report, survive the agent, leave nothing.
import { expect } from 'chai';
import { watch } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LaunchError } from '../../src/node-agent/containerizer.ts';
import {
  keyOf,
  leftovers,
  newHome,
  openHost,
  podOf,
  removeHome,
  shellPod,
  textOf,
  type ContainerHost,
} from '../support/container-host.ts';

export function describeLauncher(launcher: 'oci' | 'posix'): void {
  let place: { home: string; cgroupRoot: string };
  let host: ContainerHost;

  beforeEach(async () => {
    place = await newHome();
    host = await openHost(place, { launcher });
  });

  afterEach(async () => {
    await host.destroyAll();
    expect(await leftovers(place)).to.deep.equal([]);
    await removeHome(place);
  });

  it('runs a command and keeps both of its streams in CRI format', async () => {
    const pod = shellPod('echo out; echo err >&2');
    await host.run(pod);
    const exit = await host.exitOf(keyOf(pod));
    expect(exit).to.include({ exitCode: 0, reason: 'Completed' });
    expect(exit.finishedAtMs).to.be.at.least(exit.startedAtMs - 1000);
    const lines = (await readFile(host.containerizer.logPath(keyOf(pod)), 'utf8')).trimEnd().split('\n').sort();
    expect(lines.map((line) => line.split(' ').slice(1).join(' ')).sort()).to.deep.equal([
      'stderr F err',
      'stdout F out',
    ]);
    expect(lines[0]).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+(Z|[+-]\d\d:\d\d) /);
  });

  it('reports exit codes, and 128 + signal', async () => {
    const seven = shellPod('exit 7');
    const killed = shellPod('kill -KILL $$$$');
    await Promise.all([host.run(seven), host.run(killed)]);
    expect(await host.exitOf(keyOf(seven))).to.include({ exitCode: 7, reason: 'Error' });
    // Process 1 of a pid namespace cannot kill itself; there the script simply ends.
    expect((await host.exitOf(keyOf(killed))).exitCode).to.equal(launcher === 'oci' ? 0 : 137);
  });

  it('delivers signals to a running container only', async () => {
    const pod = shellPod('trap "exit 9" TERM; echo ready; while :; do sleep 1 & wait $!; done');
    await host.run(pod);
    await host.log(keyOf(pod), /ready/);
    expect(await host.containerizer.signal(keyOf(pod), 'SIGTERM')).to.equal(true);
    expect((await host.exitOf(keyOf(pod))).exitCode).to.equal(9);
    expect(await host.containerizer.signal(keyOf(pod), 'SIGTERM')).to.equal(false);
  });

  it('gives variables, expansions and a writable working directory', async () => {
    const env = [
      { name: 'A', value: 'one' },
      { name: 'B', value: '$(A)-two $$(A)' },
    ];
    const pod = podOf([
      {
        name: 'main',
        command: ['/bin/sh', '-c', 'echo "$B $1" > f; cat f; echo $MESOS_SANDBOX; pwd', 'sh'],
        args: ['$(B)'],
        env,
      },
    ]);
    await host.run(pod);
    await host.exitOf(keyOf(pod));
    const lines = textOf(await readFile(host.containerizer.logPath(keyOf(pod)), 'utf8')).split('\n');
    expect(lines[0]).to.equal('one-two $(A) one-two $(A)');
    expect(lines[1]).to.equal(lines[2]);
  });

  it('runs commands inside, with their exit code, and kills them at the deadline', async () => {
    const pod = shellPod('echo ready; sleep 1000', { env: [{ name: 'GREETING', value: 'hello' }] });
    await host.run(pod);
    const result = await host.containerizer.exec(keyOf(pod), ['/bin/sh', '-c', 'echo $GREETING; exit 3'], 10_000);
    expect(result).to.deep.equal({ exitCode: 3, output: 'hello\n' });
    const late = await host.containerizer.exec(keyOf(pod), ['sleep', '998'], 200).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(String(late)).to.match(/sleep 998: did not end within 200 ms/);
  });

  it('cuts the output of exec at 10 KiB', async () => {
    const pod = shellPod('sleep 1000');
    await host.run(pod);
    const result = await host.containerizer.exec(keyOf(pod), ['head', '-c', '20000', '/dev/zero'], 10_000);
    expect(result.output).to.have.length(10 * 1024);
  });

  it('refuses a launch without a command and leaves nothing of it', async () => {
    const pod = podOf([{ name: 'main' }]);
    const error = await host.run(pod).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(LaunchError).with.property('reason', 'CreateContainerConfigError');
    expect((error as Error).message).to.match(/containers\[main\].*command/);
  });

  it('names the missing key of a ConfigMap', async () => {
    const pod = shellPod('true', {
      env: [{ name: 'X', valueFrom: { configMapKeyRef: { name: 'settings', key: 'x' } } }],
    });
    const error = (await host.run(pod).catch((reason: unknown) => reason)) as LaunchError;
    expect(error.reason).to.equal('CreateContainerConfigError');
    expect(error.message).to.match(/configmap "settings" not found/);
  });

  it('launches the next attempt beside the log of the one before', async () => {
    const pod = shellPod('echo attempt');
    for (const attempt of [0, 1, 2]) {
      await host.run(pod, 'main', attempt);
      await host.exitOf(keyOf(pod, 'main', attempt));
      await host.containerizer.remove(keyOf(pod, 'main', attempt));
    }
    const exists = (attempt: number) =>
      stat(host.containerizer.logPath(keyOf(pod, 'main', attempt))).then(
        () => true,
        () => false,
      );
    expect(await Promise.all([exists(0), exists(1), exists(2)])).to.deep.equal([false, true, true]);
  });

  it('keeps containers across a restart of the agent, pid unchanged, output and exit not lost', async () => {
    const pod = shellPod('echo first; read line < go; echo second; exit 5', { stdin: false });
    const fifo = shellPod('mkfifo go && echo made && read line < go; echo second; exit 5');
    const running = await host.run(fifo);
    await host.log(keyOf(fifo), /made/);
    const again = await openHost(place, { launcher });
    expect(again.recovered.map(({ pid, key }) => ({ pid, key }))).to.deep.equal([
      { pid: running.pid, key: keyOf(fifo) },
    ]);
    expect(again.containerizer.knownPods()).to.deep.equal([pod, fifo].slice(1).map((known) => known.metadata.uid));
    await again.containerizer.exec(keyOf(fifo), ['/bin/sh', '-c', 'echo > go'], 10_000);
    expect(await again.exitOf(keyOf(fifo))).to.include({ exitCode: 5 });
    await again.log(keyOf(fifo), /second/);
  });

  it('keeps a container that was let go when the agent died, before that was written down', async () => {
    const pod = shellPod('echo begun; exec sleep 987');
    const running = await host.run(pod);
    await host.log(keyOf(pod), /begun/);
    const record = join(place.home, 'pods', keyOf(pod).podUid, 'containers/main.0/process.json');
    const written = JSON.parse(await readFile(record, 'utf8')) as object;
    await writeFile(record, JSON.stringify({ ...written, isStarting: true }));
    const again = await openHost(place, { launcher });
    expect(again.recovered.map(({ pid }) => pid)).to.deep.equal([running.pid]);
  });

  it('delivers exits that happened while no agent ran, once, after recover', async () => {
    const pod = shellPod('exit 4');
    await host.run(pod);
    await host.exitOf(keyOf(pod));
    const again = await openHost(place, { launcher });
    expect(again.recovered).to.deep.equal([]);
    expect(again.exits).to.deep.equal([]);
    expect(await again.exitOf(keyOf(pod))).to.include({ exitCode: 4, reason: 'Error' });
    expect(again.exits).to.have.length(1);
    await again.containerizer.remove(keyOf(pod));
    const third = await openHost(place, { launcher });
    expect(third.recovered).to.deep.equal([]);
  });

  it('rotates a log that grew beyond its size, losing no line', async () => {
    await host.destroyAll();
    host = await openHost(place, { launcher, logLimits: { maxBytes: 20_000, maxFiles: 3 } });
    const pod = shellPod(
      'mkfifo go; i=0; while [ $i -lt 500 ]; do i=$((i+1)); echo "line $i of many"; done; read x < go; echo last',
    );
    await host.run(pod);
    const path = host.containerizer.logPath(keyOf(pod));
    await untilRotated(path);
    await host.containerizer.exec(keyOf(pod), ['/bin/sh', '-c', 'echo > go'], 10_000);
    await host.exitOf(keyOf(pod));
    const both = textOf((await readFile(`${path}.1`, 'utf8')) + (await readFile(path, 'utf8')));
    expect(both.match(/line \d+ of many/g)).to.have.length(500);
    expect(await readFile(path, 'utf8')).to.match(/last/);
  });

  it('destroys a pod in full run, idempotently, and reports the end', async () => {
    const pod = shellPod('sleep 1000 & sleep 1000');
    await host.run(pod);
    const { uid = '' } = pod.metadata;
    await host.containerizer.destroyPod(uid);
    expect((await host.exitOf(keyOf(pod))).exitCode).to.equal(137);
    expect(await leftovers(place)).to.deep.equal([]);
    await host.containerizer.destroyPod(uid);
    expect(host.containerizer.knownPods()).to.deep.equal([]);
  });
}

/** Resolves once there are the rotated part and the file that the writer has opened in its place. */
async function untilRotated(path: string): Promise<void> {
  const watcher = watch(dirname(path));
  try {
    await new Promise<void>((resolve) => {
      const look = () => {
        Promise.all([stat(`${path}.1`), stat(path)]).then(
          () => resolve(),
          () => undefined,
        );
      };
      watcher.on('change', look);
      look();
    });
  } finally {
    watcher.close();
  }
}
