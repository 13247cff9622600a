// `tepui dev --down`: stops what runs and removes everything that `tepui dev` made under its home.
import { existsSync, readdirSync, rmSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../lib/clock.ts';
import { silentLog } from '../lib/log.ts';
import { createContainerizer } from '../node-agent/create-containerizer.ts';
import { cgroupRootOf } from './cgroup-root.ts';
import { locateHome, type Home } from './home.ts';
import { endOwner, livingOwner, type Owner } from './pid-file.ts';

const say = (text: string) => void process.stdout.write(`${text}\n`);

/** Nothing to remove is no error. */
export async function down(options: { readonly home?: string }): Promise<void> {
  const home = locateHome(options.home);
  await stopServer(home);
  const nodes = existsSync(home.nodes) ? readdirSync(home.nodes) : [];
  for (const name of nodes) await removeNode(join(home.nodes, name), name);
  removeFiles(home);
  say(`Everything that tepui kept under ${home.path} is gone.`);
}

async function stopServer(home: Home): Promise<void> {
  const server = await livingOwner(home.pidFile);
  if (!server) return;
  say(`Stopping the server (process ${String(server.pid)}) …`);
  await stop(server);
}

const stopsWithinMs = 15_000;

/** Asks first. What does not answer, because it hangs or was stopped, is killed: nothing is to be kept. */
async function stop(owner: Owner): Promise<void> {
  if (await endOwner(owner, 'SIGTERM', stopsWithinMs, systemClock)) return;
  if (await endOwner(owner, 'SIGKILL', stopsWithinMs, systemClock)) return;
  throw new Error(`process ${String(owner.pid)} does not end, even when it is killed`);
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
  const agent = await livingOwner(join(folder, 'agent.pid'));
  if (agent) await stop(agent);
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
