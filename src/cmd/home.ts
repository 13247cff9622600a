// The layout of the home directory: everything that `tepui dev` keeps lies under it.
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { StatusError } from '../api/status-error.ts';
import { errorText } from '../lib/error-text.ts';

export interface Home {
  readonly path: string;
  /** The kubeconfig written for the user. */
  readonly kubeconfig: string;
  readonly journal: string;
  readonly authority: { readonly certificate: string; readonly key: string };
  readonly server: { readonly certificate: string; readonly key: string };
  /** Id of the cluster that the home belongs to. */
  readonly clusterId: string;
  /** Opens what the servers of a cluster share in ZooKeeper. */
  readonly clusterKey: string;
  readonly adminToken: string;
  readonly joinToken: string;
  readonly serverLog: string;
  /** One folder an agent. */
  readonly nodes: string;
  /** Process id of the server that uses this home. */
  readonly pidFile: string;
  /** The name of this server among those of its cluster. */
  readonly serverId: string;
}

/** `--home`, else `TEPUI_HOME`, else `~/.tepui`. */
export function locateHome(option: string | undefined): Home {
  const path = resolve(option ?? process.env['TEPUI_HOME'] ?? join(homedir(), '.tepui'));
  return {
    path,
    kubeconfig: join(path, 'kubeconfig'),
    journal: join(path, 'journal'),
    authority: { certificate: join(path, 'pki/ca.crt'), key: join(path, 'pki/ca.key') },
    server: { certificate: join(path, 'pki/server.crt'), key: join(path, 'pki/server.key') },
    clusterId: join(path, 'pki/cluster.id'),
    clusterKey: join(path, 'pki/cluster.key'),
    adminToken: join(path, 'pki/admin.token'),
    joinToken: join(path, 'pki/join.token'),
    serverLog: join(path, 'server.log'),
    nodes: join(path, 'nodes'),
    pidFile: join(path, 'server.pid'),
    serverId: join(path, 'pki/server.id'),
  };
}

/** Makes the folders, closed to everybody else. @throws StatusError when that is not possible here */
export function createHome(home: Home): void {
  try {
    createFolders(home);
  } catch (error) {
    const advice = 'choose a folder that you may write with --home DIR or TEPUI_HOME';
    throw new StatusError('Forbidden', `cannot keep anything in ${home.path} (${errorText(error)}): ${advice}`);
  }
}

function createFolders(home: Home): void {
  for (const folder of [home.path, join(home.path, 'pki'), home.nodes]) {
    makeFolder(folder);
    chmodSync(folder, 0o700);
  }
}

/** One level at a time: Node's own recursion never ends where nothing can be made, such as in /proc. */
function makeFolder(path: string): void {
  if (existsSync(path) && statSync(path).isDirectory()) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  mkdirSync(path, { mode: 0o700 });
}

/** Reads a small file, or makes it with what `create` returns: written beside and renamed, so never half there. */
export function readOrCreate(path: string, create: () => string): string {
  if (existsSync(path)) return readFileSync(path, 'utf8');
  const text = create();
  replaceFile(path, text);
  return text;
}

/** Writes a file that only its owner may read; readers see the old or the new content, never a part. */
export function replaceFile(path: string, text: string): void {
  const beside = `${path}.new`;
  writeFileSync(beside, text, { mode: 0o600 });
  renameSync(beside, path);
}
