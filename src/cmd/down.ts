// `tepui dev --down`: stops what runs and removes everything that `tepui dev` made under its home.
import { existsSync, readFileSync, readdirSync, rmSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../lib/clock.ts';
import { silentLog } from '../lib/log.ts';
import { createContainerizer } from '../node-agent/create-containerizer.ts';
import { cgroupRootOf } from './cgroup-root.ts';
import { locateHome, type Home } from './home.ts';
import { whenEnded } from './process-end.ts';

const say = (text: string) => void process.stdout.write(`${text}\n`);

/** Nothing to remove is no error. */
export async function down(options: { readonly home?: string }): Promise<void> {
  const home = locateHome(options.home);
  await stopServer(home);
  const nodes = existsSync(home.nodes) ? readdirSync(home.nodes) : [];
  for (const name of nodes) await removeNode(join(home.nodes, name), name);
  removeFiles(home);
  say(`Everything under ${home.path} is gone.`);
}

async function stopServer(home: Home): Promise<void> {
  if (!existsSync(home.pidFile)) return;
  const pid = Number(readFileSync(home.pidFile, 'utf8'));
  const command = commandOf(pid);
  if (!command.includes('tepui') && !command.includes('dev')) return;
  say(`Stopping the server (process ${String(pid)}) …`);
  process.kill(pid, 'SIGTERM');
  await whenEnded(pid);
}

/** Empty when there is no such process, or no way to know. */
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** The agent has ended with its server; what it ran is still there. */
async function removeNode(folder: string, nodeName: string): Promise<void> {
  await endAgent(folder);
  const containerizer = await createContainerizer({
    home: join(folder, 'containers'),
    cgroupRoot: cgroupRootOf(folder),
    nodeName,
    nodeAddress: () => '127.0.0.1',
    clock: systemClock,
    log: silentLog,
  });
  containerizer.onExit(() => undefined);
  await containerizer.recover();
  const pods = containerizer.knownPods();
  await Promise.all(pods.map((uid) => containerizer.destroyPod(uid)));
  if (pods.length > 0) say(`Removed ${String(pods.length)} pods from node ${nodeName}.`);
}

async function endAgent(folder: string): Promise<void> {
  const file = join(folder, 'agent.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8'));
  if (commandOf(pid).includes(folder)) {
    process.kill(pid, 'SIGTERM');
    await whenEnded(pid);
  }
}

/** Only what we made; the home itself when nothing else is in it. */
function removeFiles(home: Home): void {
  const made = [
    home.journal,
    `${home.journal}.as-found`,
    home.nodes,
    join(home.path, 'pki'),
    home.kubeconfig,
    home.serverLog,
    home.pidFile,
  ];
  for (const path of made) rmSync(path, { recursive: true, force: true });
  try {
    rmdirSync(home.path);
  } catch {
    // Somebody keeps other things there.
  }
}
