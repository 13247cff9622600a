// Containers from images: local layouts, archives and the agent's store (needs root, runc, umoci and skopeo).
import { expect } from 'chai';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Container } from '../../../src/api/types.gen.ts';
import { runCommand } from '../../../src/lib/run-command.ts';
import { LaunchError, type RunningContainer } from '../../../src/node-agent/containerizer.ts';
import {
  keyOf,
  leftovers,
  newHome,
  openHost,
  podOf,
  removeHome,
  textOf,
  type ContainerHost,
} from '../../support/container-host.ts';
import { makeBusyboxImage } from '../../support/image.ts';

describe('images', () => {
  let place: { home: string; cgroupRoot: string };
  let layouts: { home: string };
  let host: ContainerHost;
  let layout: string;

  before(async () => {
    layouts = await newHome();
    layout = join(layouts.home, 'busybox');
    await makeBusyboxImage(layout, '1.36', [
      ...['--config.entrypoint', '/bin/sh', '--config.entrypoint', '-c', '--config.cmd', 'echo default'],
      ...[
        '--config.env',
        'FLAVOUR=vanilla',
        '--config.workingdir',
        '/tmp',
        '--config.user',
        'web',
        '--config.stopsignal',
        'SIGUSR1',
      ],
    ]);
  });

  after(() => removeHome(layouts));

  beforeEach(async () => {
    place = await newHome();
    host = await openHost(place, { launcher: 'oci' });
  });

  afterEach(async () => {
    await host.destroyAll();
    expect(await leftovers(place)).to.deep.equal([]);
    await removeHome(place);
  });

  const run = async (container: Partial<Container>): Promise<{ running: RunningContainer; text: string }> => {
    const pod = podOf([{ name: 'main', ...container }]);
    const running = await host.run(pod);
    await host.exitOf(keyOf(pod));
    return { running, text: textOf(await readFile(host.containerizer.logPath(keyOf(pod)), 'utf8')) };
  };
  const refusal = async (
    image: string,
    imagePullPolicy: 'Never' | 'IfNotPresent' = 'IfNotPresent',
  ): Promise<LaunchError> => (await run({ image, imagePullPolicy }).catch((reason: unknown) => reason)) as LaunchError;

  it('runs what the image says, as the user and in the directory that it names', async () => {
    const image = `oci:${layout}:1.36`;
    const { running, text } = await run({ image });
    expect(text).to.equal('default');
    expect(running.imageId).to.match(/^sha256:[0-9a-f]{64}$/);
    const script = 'echo $FLAVOUR $HOME $PWD; id -u; id -G; cat /origin; ls /usr 2>&1';
    expect((await run({ image, args: [script] })).text.split('\n')).to.deep.equal([
      'vanilla /srv/web /tmp',
      '1000',
      '1000 2000',
      'from the image',
      'ls: /usr: No such file or directory',
    ]);
  });

  it('lets command replace the entrypoint, and env the variables', async () => {
    const env = [{ name: 'FLAVOUR', value: 'mint' }];
    expect((await run({ image: `oci:${layout}:1.36`, command: ['/bin/env'], env })).text).to.match(/^FLAVOUR=mint$/m);
  });

  it('gives every container a root of its own, thrown away with it', async () => {
    const image = `oci:${layout}:1.36`;
    const securityContext = { runAsUser: 0 };
    const first = await run({
      image,
      securityContext,
      args: ['rm /origin; touch /made /bin/made && ls / /bin | /bin/busybox grep made'],
    });
    expect(first.text).to.equal('made\nmade');
    expect((await run({ image, securityContext, args: ['ls /made 2>&1; cat /origin'] })).text).to.match(
      /No such file[\s\S]*from the image/,
    );
    const readOnly = { ...securityContext, readOnlyRootFilesystem: true };
    expect((await run({ image, securityContext: readOnly, args: ['touch /made'] })).text).to.match(
      /Read-only file system/,
    );
  });

  it('finds plain names in the store, with or without registry and library', async () => {
    await runCommand('skopeo', [
      '--insecure-policy',
      'copy',
      `oci:${layout}:1.36`,
      `oci:${join(place.home, 'images', 'busybox')}:1.36`,
    ]);
    for (const image of ['busybox:1.36', 'library/busybox:1.36', 'registry.example/library/busybox:1.36']) {
      expect((await run({ image })).text).to.equal('default');
    }
  });

  it('reads archives of both kinds, unpacking each image once', async () => {
    const archives = { 'oci-archive': join(layouts.home, 'a.tar'), 'docker-archive': join(layouts.home, 'b.tar') };
    for (const [kind, file] of Object.entries(archives)) {
      await runCommand('skopeo', ['--insecure-policy', 'copy', `oci:${layout}:1.36`, `${kind}:${file}`]);
      for (const round of [1, 2])
        expect((await run({ image: `${kind}:${file}` })).text, String(round)).to.equal('default');
    }
    expect(await readdir(join(place.home, 'images', '.tmp'))).to.deep.equal([]);
    expect(await readdir(join(place.home, 'images', '.archives'))).to.have.length(2);
  });

  it("sends the image's stop signal in place of SIGTERM", async () => {
    const script = 'trap "exit 3" USR1; echo up; while :; do /bin/busybox sleep 1 & wait $!; done';
    const pod = podOf([{ name: 'main', image: `oci:${layout}:1.36`, args: [script] }]);
    await host.run(pod);
    await host.log(keyOf(pod), /up/);
    await host.containerizer.signal(keyOf(pod), 'SIGTERM');
    expect((await host.exitOf(keyOf(pod))).exitCode).to.equal(3);
  });

  it('says where it looked for a missing image and how to add it', async () => {
    const missing = await refusal('nginx:1.29');
    expect(missing).to.be.instanceOf(LaunchError).with.property('reason', 'ErrImagePull');
    expect(missing.message)
      .to.include(join(place.home, 'images', 'nginx'))
      .and.include('skopeo copy');
    expect(await refusal('nginx:1.29', 'Never')).to.have.property('reason', 'ErrImageNeverPull');
    expect(await refusal('Not A Name')).to.have.property('reason', 'InvalidImageName');
    expect((await refusal(`oci:${layout}:2.0`)).message).to.match(/no tag 2\.0; found 1\.36/);
    expect((await refusal('oci:/no/such/layout')).message).to.match(/expected an OCI image layout/);
  });
});
