// `tepui dev` as the system under test: one server with the embedded journal, which can be killed and stopped.
import { execa } from 'execa';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { packagePath } from '../../../src/lib/package-root.ts';
import { createManagedProcess } from './managed-process.ts';
import type { System } from './system.ts';

const mainModule = packagePath('dist/src/cmd/main.js');

/** @param folder for its home and its output */
export async function startDevSystem(folder: string): Promise<System> {
  const home = join(folder, 'dev');
  const ports = ['--api-port', String(await freePort()), '--mesos-port', '0', '--agent-port', '0'];
  const dev = createManagedProcess({
    name: 'dev',
    command: [process.execPath, mainModule, 'dev', '--home', home, ...ports],
    logFile: join(folder, 'dev.log'),
    readyLine: /^tepui is ready$/,
  });
  await dev.start();
  const server = { name: 'dev', process: dev, host: undefined, clock: undefined, kubeconfig: join(home, 'kubeconfig') };
  return {
    ...{ servers: [server], zookeepers: [], agents: [], network: undefined },
    async destroy() {
      await dev.end('SIGTERM');
      await execa(process.execPath, [mainModule, 'dev', '--home', home, '--down'], { reject: false, stdin: 'ignore' });
    },
  };
}

/** One that nobody has now; a server that is started again needs the same one. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
