// What a container can and cannot do, on the real machine (needs root, conmon, runc and cgroups).
import { expect } from 'chai';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Container, Pod } from '../../src/api/types.gen.ts';
import { LaunchError, type ContainerExit } from '../../src/node-agent/containerizer.ts';
import {
  keyOf,
  leftovers,
  newHome,
  openHost,
  podOf,
  referencesTo,
  removeHome,
  shellPod,
  textOf,
  type ContainerHost,
  type HostOptions,
} from '../support/container-host.ts';

const configMap = (name: string, data: Record<string, string>) =>
  ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' }, data }) as const;
const secret = (name: string, data: Record<string, string>) =>
  ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: 'default' },
    data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')])),
  }) as const;

describe('isolation', () => {
  let place: { home: string; cgroupRoot: string };
  let host: ContainerHost;
  const options: HostOptions = {
    launcher: 'oci',
    pidsLimit: 64,
    configMaps: [configMap('settings', { 'app.conf': 'colour=blue', level: '3' })],
    secrets: [secret('keys', { password: 's3cret' })],
  };

  beforeEach(async () => {
    place = await newHome();
    host = await openHost(place, options);
  });

  afterEach(async () => {
    await host.destroyAll();
    expect(await leftovers(place)).to.deep.equal([]);
    await removeHome(place);
  });

  const finish = async (pod: Pod): Promise<{ exit: ContainerExit; text: string }> => {
    await host.run(pod);
    const exit = await host.exitOf(keyOf(pod));
    return { exit, text: textOf(await readFile(host.containerizer.logPath(keyOf(pod)), 'utf8')) };
  };
  const refusal = async (pod: Pod): Promise<LaunchError> => {
    const error = await host.run(pod).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(LaunchError);
    return error as LaunchError;
  };

  describe('resources', () => {
    it('kills a container over its memory limit and tells limit and peak', async () => {
      const { exit } = await finish(shellPod('tail /dev/zero', { resources: { limits: { memory: '32Mi' } } }));
      expect(exit).to.include({ exitCode: 137, reason: 'OOMKilled' });
      expect(exit.message).to.match(/limit of 32\.0 MiB \(peak 3[12]\.\d MiB\)/);
    });

    it('stops a fork bomb at the pid limit, and the pod can still be destroyed', async () => {
      const pod = shellPod('bomb() { bomb | bomb & }; bomb; sleep 1000');
      await host.run(pod);
      await host.log(keyOf(pod), /fork/i);
      const { processes } = await host.containerizer.usage(keyOf(pod));
      expect(processes).to.be.within(1, 64);
    });

    it('gives a busy loop with limits.cpu 250m a quarter of a core', async () => {
      const busy = shellPod('timeout -s KILL 3 sh -c "while :; do :; done"; true', {
        resources: { limits: { cpu: '250m' } },
      });
      const { exit } = await finish(busy);
      const { cpuNanoseconds } = await host.containerizer.usage(keyOf(busy));
      const cores = cpuNanoseconds / 1e6 / (exit.finishedAtMs - exit.startedAtMs);
      expect(cores).to.be.within(0.225, 0.275);
    });

    it('counts what a running container uses', async () => {
      const pod = shellPod('i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; echo done; sleep 1000');
      await host.run(pod);
      await host.log(keyOf(pod), /done/);
      const usage = await host.containerizer.usage(keyOf(pod));
      expect(usage.cpuNanoseconds).to.be.greaterThan(1e6);
      expect(usage.memoryBytes).to.be.greaterThan(10_000);
      expect(usage.processes).to.be.within(1, 2);
    });
  });

  describe('namespaces', () => {
    it('shows a container only its own processes', async () => {
      const { text } = await finish(shellPod('ps -e -o comm= | sort'));
      expect(text.split('\n')).to.have.members(['ps', 'sh', 'sort']);
    });

    it('names the host after the pod', async () => {
      const pod = shellPod('hostname; cat /etc/hostname; echo $HOSTNAME; grep -c "192.0.2.1" /etc/hosts');
      const { text } = await finish(pod);
      const name = pod.metadata.name ?? '';
      expect(text.split('\n')).to.deep.equal([name, name, name, '1']);
    });

    const two = (spec: object): Pod => {
      const sleeper = (name: string): Container => ({ name, command: ['/bin/sh', '-c', 'echo up; exec sleep 987'] });
      return podOf([sleeper('one'), sleeper('two')], spec);
    };
    const inside = async (pod: Pod, container: string, script: string) =>
      (await host.containerizer.exec(keyOf(pod, container), ['/bin/sh', '-c', script], 10_000)).output.trim();

    it('shares ipc, uts and /dev/shm within a pod, not processes', async () => {
      const pod = two({});
      await host.run(pod, 'one');
      await host.run(pod, 'two');
      const spaces = 'readlink /proc/self/ns/ipc /proc/self/ns/uts';
      expect(await inside(pod, 'one', spaces)).to.equal(await inside(pod, 'two', spaces));
      await inside(pod, 'one', 'echo shared > /dev/shm/x');
      expect(await inside(pod, 'two', 'cat /dev/shm/x')).to.equal('shared');
      expect(await inside(pod, 'one', 'pgrep -c -x sleep')).to.equal('1');
      expect(await inside(pod, 'one', 'readlink /proc/self/ns/pid')).to.not.equal(
        await inside(pod, 'two', 'readlink /proc/self/ns/pid'),
      );
    });

    it('shares processes with shareProcessNamespace, and survives the end of one container', async () => {
      const pod = two({ shareProcessNamespace: true });
      await host.run(pod, 'one');
      await host.run(pod, 'two');
      expect(await inside(pod, 'one', 'pgrep -c -x -f "sleep 987"')).to.equal('2');
      await host.containerizer.signal(keyOf(pod, 'one'), 'SIGKILL');
      await host.exitOf(keyOf(pod, 'one'));
      expect(await inside(pod, 'two', 'pgrep -c -x -f "sleep 987"')).to.equal('1');
      await host.run(pod, 'one', 1);
      expect(host.exits.map((exit) => exit.key.container)).to.deep.equal(['one']);
    });
  });

  describe('file system without an image', () => {
    it('is the host, read-only, but for the sandbox and temporary files', async () => {
      const script =
        'touch /etc/x /usr/x /var/x /x 2>&1 | grep -c "Read-only file system"; touch /tmp/a /var/tmp/b ./c && echo ok; ls /etc/passwd';
      const { text } = await finish(shellPod(script));
      expect(text.split('\n')).to.deep.equal(['4', 'ok', '/etc/passwd']);
    });

    it("hides the agent's home, root's and the host's credentials", async () => {
      await host.destroyAll();
      await removeHome(place);
      // Not below /tmp, which containers have their own of.
      place = { ...place, home: join('/var', place.home.split('/').at(-1) ?? '') };
      await mkdir(place.home, { recursive: true });
      await writeFile(join(place.home, 'token'), 'secret');
      host = await openHost(place, options);
      const script = `ls -A ${place.home} | wc -l; ls -A /root /home /run | grep -vc :; cat /etc/shadow | wc -c; touch ${place.home}/x`;
      const { exit, text } = await finish(shellPod(script));
      expect(text.split('\n').slice(0, 3)).to.deep.equal(['0', '2', '0']);
      expect(exit.exitCode).to.equal(1);
    });

    it('takes volumes at paths that the host does not have, without making them there', async () => {
      const volumes = [{ name: 'v', configMap: { name: 'settings' } }];
      const mountPath = '/etc/tepui-test-config/deep';
      const { text } = await finish(
        shellPod(
          `cat ${mountPath}/app.conf; ls /etc/passwd`,
          { volumeMounts: [{ name: 'v', mountPath }] },
          { volumes },
        ),
      );
      expect(text).to.equal('colour=blue/etc/passwd');
      expect(await readdir('/etc')).to.not.include('tepui-test-config');
    });

    it('leaks no mount into the host', async () => {
      const before = await readFile('/proc/self/mountinfo', 'utf8');
      const volumes = [{ name: 'v', emptyDir: {} }];
      const pod = shellPod('echo up; sleep 1000', { volumeMounts: [{ name: 'v', mountPath: '/data' }] }, { volumes });
      await host.run(pod);
      expect(await readFile('/proc/self/mountinfo', 'utf8')).to.equal(before);
    });
  });

  describe('volumes', () => {
    it('keeps emptyDir across attempts and shows it to all containers of the pod', async () => {
      const volumes = [{ name: 'v', emptyDir: {} }];
      const volumeMounts = [{ name: 'v', mountPath: '/data' }];
      const pod = shellPod('cat /data/x || echo first > /data/x', { volumeMounts }, { volumes });
      await host.run(pod);
      await host.exitOf(keyOf(pod));
      await host.containerizer.remove(keyOf(pod));
      await host.run(pod, 'main', 1);
      await host.exitOf(keyOf(pod, 'main', 1));
      expect(textOf(await readFile(host.containerizer.logPath(keyOf(pod, 'main', 1)), 'utf8'))).to.equal('first');
    });

    it('bounds an emptyDir in memory', async () => {
      const volumes = [{ name: 'v', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } }];
      const script = 'head -c 3000000 /dev/zero > /data/x; stat -c %s /data/x; stat -f -c %T /data';
      const { text } = await finish(
        shellPod(script, { volumeMounts: [{ name: 'v', mountPath: '/data' }] }, { volumes }),
      );
      expect(text)
        .to.match(/No space left/)
        .and.match(/^1048576$/m)
        .and.match(/tmpfs/);
    });

    it('gives secrets in memory only, with the mode that is asked for', async () => {
      const volumes = [{ name: 'v', secret: { secretName: 'keys', defaultMode: 0o400 } }];
      const pod = shellPod(
        'cat /keys/password; echo; stat -L -c %a /keys/password; echo $PASSWORD; sleep 1000',
        {
          volumeMounts: [{ name: 'v', mountPath: '/keys' }],
          env: [{ name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'keys', key: 'password' } } }],
        },
        { volumes },
      );
      await host.run(pod);
      expect(textOf(await host.log(keyOf(pod), /400[\s\S]*s3cret/))).to.equal('s3cret\n400\ns3cret');
      const directory = join(place.home, 'pods', pod.metadata.uid ?? '', 'private');
      const table = await readFile('/proc/self/mountinfo', 'utf8');
      expect(table.split('\n').find((line) => line.includes(directory))).to.match(/ - tmpfs /);
    });

    it('changes files of a running pod all at once', async () => {
      const volumes = [{ name: 'v', configMap: { name: 'settings' } }];
      const pod = shellPod('echo up; sleep 1000', { volumeMounts: [{ name: 'v', mountPath: '/c' }] }, { volumes });
      await host.run(pod);
      const changed = referencesTo({ configMaps: [configMap('settings', { 'app.conf': 'colour=red', added: 'yes' })] });
      await host.containerizer.updateVolumes(pod, changed);
      const { output } = await host.containerizer.exec(
        keyOf(pod),
        ['/bin/sh', '-c', 'cd /c; ls; cat app.conf'],
        10_000,
      );
      expect(output).to.equal('added\napp.conf\ncolour=red');
    });

    it('mounts one key with subPath, and refuses a subPath that leads out', async () => {
      const volumes = [
        { name: 'v', configMap: { name: 'settings' } },
        { name: 'd', emptyDir: {} },
      ];
      const one = { volumeMounts: [{ name: 'v', mountPath: '/opt/one.conf', subPath: 'app.conf' }] };
      expect((await finish(shellPod('cat /opt/one.conf', one, { volumes }))).text).to.equal('colour=blue');
      const pod = shellPod('ln -s /etc /data/out', { volumeMounts: [{ name: 'd', mountPath: '/data' }] }, { volumes });
      await finish(pod);
      const bad = {
        ...pod,
        spec: {
          ...pod.spec,
          containers: [
            { name: 'main', command: ['true'], volumeMounts: [{ name: 'd', mountPath: '/x', subPath: 'out' }] },
          ],
        },
      } as Pod;
      const error = (await host.run(bad, 'main', 1).catch((reason: unknown) => reason)) as LaunchError;
      expect(error.message).to.match(/subPath: it leads out of the volume/);
    });

    it('projects objects and pod fields into one directory', async () => {
      const sources = [
        { configMap: { name: 'settings', items: [{ key: 'level', path: 'a/level' }] } },
        { secret: { name: 'keys' } },
        { downwardAPI: { items: [{ path: 'name', fieldRef: { fieldPath: 'metadata.name' } }] } },
      ];
      const pod = shellPod(
        'cd /p; cat a/level password name',
        { volumeMounts: [{ name: 'p', mountPath: '/p' }] },
        { volumes: [{ name: 'p', projected: { sources } }] },
      );
      expect((await finish(pod)).text).to.equal(`3s3cret${pod.metadata.name ?? ''}`);
    });

    it('refuses a hostPath that shows the cluster itself, and one that is not there', async () => {
      const mount = { volumeMounts: [{ name: 'h', mountPath: '/h' }] };
      const at = (path: string) => shellPod('true', mount, { volumes: [{ name: 'h', hostPath: { path } }] });
      expect((await refusal(at('/'))).message).to.match(/belongs to the cluster itself/);
      expect((await refusal(at('/no/such/place'))).message).to.match(/does not exist on this node/);
    });

    it('names a volume that is missing or unknown', async () => {
      const mount = { volumeMounts: [{ name: 'h', mountPath: '/h' }] };
      expect((await refusal(shellPod('true', mount))).message).to.match(/no volume "h"/);
      const foreign = shellPod('true', mount, { volumes: [{ name: 'h', nfs: { server: 's', path: '/' } }] });
      expect((await refusal(foreign)).message).to.match(/volumes\[h\]\.nfs/);
      const lacking = shellPod('true', mount, { volumes: [{ name: 'h', configMap: { name: 'none' } }] });
      expect(await refusal(lacking)).to.include({ reason: 'CreateContainerConfigError' });
    });
  });

  describe('security', () => {
    it('runs as the user that is asked for, with group and fsGroup', async () => {
      const volumes = [{ name: 'v', emptyDir: {} }];
      const container = {
        volumeMounts: [{ name: 'v', mountPath: '/data' }],
        securityContext: { runAsUser: 1234, runAsGroup: 2345 },
      };
      const script = 'id -u; id -g; id -G; touch /data/x ./y && stat -c %g /data/x';
      const { text } = await finish(shellPod(script, container, { volumes, securityContext: { fsGroup: 3456 } }));
      expect(text.split('\n')).to.deep.equal(['1234', '2345', '2345 3456', '3456']);
    });

    it('refuses root with runAsNonRoot, and privileged containers', async () => {
      const root = shellPod('true', { securityContext: { runAsNonRoot: true } });
      expect((await refusal(root)).message).to.match(/runAsNonRoot/);
      const privileged = shellPod('true', { securityContext: { privileged: true } });
      expect((await refusal(privileged)).message).to.match(/capabilities\.add/);
    });

    it('limits capabilities and filters system calls', async () => {
      const script = 'grep -E "^(CapEff|NoNewPrivs|Seccomp):" /proc/self/status; unshare -U true 2>&1 | tail -1';
      const plain = (await finish(shellPod(script))).text;
      expect(plain)
        .to.match(/Seccomp:\t2/)
        .and.match(/Operation not permitted/)
        .and.match(/NoNewPrivs:\t0/);
      const none = { capabilities: { drop: ['ALL'] }, allowPrivilegeEscalation: false };
      const bare = (await finish(shellPod(script, { securityContext: none }))).text;
      expect(bare)
        .to.match(/CapEff:\t0{16}/)
        .and.match(/NoNewPrivs:\t1/);
    });
  });

  it('says so when the program is missing, and leaves nothing of the attempt', async () => {
    const pod = podOf([{ name: 'main', command: ['no-such-program'] }]);
    const error = await refusal(pod);
    expect(error).to.include({ reason: 'RunContainerError' });
    expect(error.message).to.match(/no-such-program.*executable file not found/);
    expect(await readdir(join(place.home, 'pods', pod.metadata.uid ?? '', 'containers'))).to.deep.equal([]);
  });

  it('keeps last words: the message file, else the tail of the log', async () => {
    const file = await finish(shellPod('echo noise; echo "last words" > /dev/termination-log; exit 1'));
    expect(file.exit.message).to.equal('last words\n');
    const policy = { terminationMessagePolicy: 'FallbackToLogsOnError' } as const;
    const log = await finish(shellPod('echo one; echo two; exit 1', policy));
    expect(log.exit.message).to.equal('one\ntwo');
  });

  it('reports ContainerStatusUnknown when conmon is killed, and kills the container', async () => {
    const pod = shellPod('echo up; sleep 1000');
    const { pid } = await host.run(pod);
    const bundle = join(place.home, 'pods', pod.metadata.uid ?? '', 'containers', 'main.0');
    process.kill(Number(await readFile(join(bundle, 'conmon.pid'), 'utf8')), 'SIGKILL');
    expect(await host.exitOf(keyOf(pod))).to.include({ reason: 'ContainerStatusUnknown', exitCode: undefined });
    await host.containerizer.remove(keyOf(pod));
    // Empty: dead, at most waiting to be reaped by process 1 of this machine.
    expect(await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).to.equal('');
  });
});
