// What a fresh machine needs before anything else can run. Plain JavaScript without dependencies: it runs first.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export const root = join(import.meta.dirname, '..');

const say = (text) => process.stderr.write(`${text}\n`);

/** Runs a command with its output on standard error; true when it succeeded. */
function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options });
  return result.status === 0;
}

/** Exits with advice when Node is older than package.json's `engines`. */
export function requireNode() {
  const wanted = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).engines.node.replace('>=', '');
  const [major, minor] = wanted.split('.').map(Number);
  const [haveMajor, haveMinor] = process.versions.node.split('.').map(Number);
  if (haveMajor > major || (haveMajor === major && haveMinor >= minor)) return;
  say(`tepui needs Node ${wanted} or newer; this is ${process.versions.node}. Install a newer Node and try again.`);
  process.exit(1);
}

const modifiedMs = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

/** Installs the packages of package-lock.json unless they are there. */
export function installPackages() {
  const installed = modifiedMs(join(root, 'node_modules/.package-lock.json'));
  if (installed >= modifiedMs(join(root, 'package-lock.json')) && installed > 0) return;
  if (existsSync(join(root, 'node_modules/.bin/tsc')) && sameLock()) return;
  say('Installing the libraries of package-lock.json with npm ci (into node_modules) …');
  if (!run('npm', ['ci', '--no-audit', '--no-fund'])) {
    say('npm ci failed: see above. Without its libraries tepui cannot run.');
    process.exit(1);
  }
}

/** Git gives files the time of the check-out, so a newer lock file need not be a different one. */
function sameLock() {
  const read = (path) => JSON.parse(readFileSync(join(root, path), 'utf8')).packages;
  try {
    const installed = read('node_modules/.package-lock.json');
    return Object.entries(read('package-lock.json')).every(
      ([name, entry]) => name === '' || entry.optional || installed[name]?.version === entry.version,
    );
  } catch {
    return false;
  }
}

const newestMs = (dir) =>
  Math.max(
    ...readdirSync(join(root, dir), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => modifiedMs(join(entry.parentPath, entry.name))),
  );

/** Compiles TypeScript into dist/ when a source is newer than the last build. */
export function build() {
  const stamp = join(root, 'dist/.tsbuildinfo');
  const inputs = Math.max(
    newestMs('src'),
    newestMs('test'),
    newestMs('bench'),
    modifiedMs(join(root, 'tsconfig.json')),
  );
  if (modifiedMs(stamp) >= inputs && existsSync(join(root, 'dist/src/cmd/main.js'))) return;
  say('Compiling src/ into dist/ …');
  if (!run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', '.'])) {
    say('The build failed: see the errors above.');
    process.exit(1);
  }
}

const onPath = (program) =>
  [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'].some((dir) => existsSync(join(dir, program)));

/** A tool is a program, or a file that a program takes. */
const isThere = (tool) => (tool.file ? existsSync(tool.file) : onPath(tool.program));

/**
 * Installs Debian packages whose programs are missing, when this is Debian (or a child of it) and we are root.
 * @param {{ program: string, debian: string, why: string, file?: string }[]} tools `file`: looked for instead
 * @returns {string[]} programs that are still missing
 */
export function installTools(tools) {
  const missing = tools.filter((tool) => !isThere(tool));
  if (missing.length === 0) return [];
  const canInstall = process.getuid?.() === 0 && onPath('apt-get');
  for (const tool of missing) {
    say(`${canInstall ? 'Installing' : 'Missing'} ${tool.debian} (Debian package): ${tool.why}`);
  }
  if (canInstall) {
    const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
    const install = ['install', '-y', '-qq', '--no-install-recommends', ...missing.map((tool) => tool.debian)];
    if (!run('apt-get', install, options)) {
      run('apt-get', ['update', '-qq'], options);
      run('apt-get', install, options);
    }
  }
  return missing.filter((tool) => !isThere(tool)).map((tool) => tool.program);
}

/** Programs that running containers takes. Without them tepui starts, degraded, and says so. */
export const containerTools = [
  { program: 'runc', debian: 'runc', why: 'creates isolated containers (OCI runtime)' },
  { program: 'conmon', debian: 'conmon', why: 'keeps logs and exit codes of containers while the agent is down' },
  { program: 'umoci', debian: 'umoci', why: 'unpacks container images' },
  { program: 'skopeo', debian: 'skopeo', why: 'reads container images from archives' },
];
