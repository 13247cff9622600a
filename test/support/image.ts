// A small OCI image made here: busybox with its applets (needs umoci and busybox-static).
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../../src/lib/run-command.ts';

/** Makes a layout in `directory` with one image of the given tag. `config` are flags of `umoci config`. */
export async function makeBusyboxImage(directory: string, tag: string, config: readonly string[] = []): Promise<void> {
  const image = `${directory}:${tag}`;
  const bundle = `${directory}-bundle`;
  await mkdir(join(directory, '..'), { recursive: true });
  await runCommand('umoci', ['init', '--layout', directory]);
  await runCommand('umoci', ['new', '--image', image]);
  await runCommand('umoci', ['unpack', '--image', image, bundle]);
  const root = join(bundle, 'rootfs');
  await Promise.all(['bin', 'etc', 'tmp'].map((name) => mkdir(join(root, name), { recursive: true })));
  await cp('/bin/busybox', join(root, 'bin', 'busybox'));
  await Promise.all(
    ['sh', 'cat', 'echo', 'id', 'touch', 'ls', 'env', 'rm'].map((name) => symlink('busybox', join(root, 'bin', name))),
  );
  await writeFile(join(root, 'etc', 'passwd'), 'root:x:0:0:root:/root:/bin/sh\nweb:x:1000:1000:web:/srv/web:/bin/sh\n');
  await writeFile(join(root, 'etc', 'group'), 'root:x:0:\nweb:x:1000:\nlogs:x:2000:web\n');
  await writeFile(join(root, 'origin'), 'from the image\n');
  await runCommand('umoci', ['repack', '--image', image, bundle]);
  if (config.length > 0) await runCommand('umoci', ['config', '--image', image, ...config]);
}
