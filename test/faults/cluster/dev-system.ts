// `tepui dev` as the system under test: one server with the embedded journal, which can be killed and stopped.
import { execa } from 'execa';
import { join } from 'node:path';
import { packagePath } from '../../../src/lib/package-root.ts';
import { freePort } from './free-port.ts';
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
    ...{ servers: [server], zookeepers: [], agents: [], network: undefined, journal: undefined },
    async destroy() {
      await dev.end('SIGTERM');
      await execa(process.execPath, [mainModule, 'dev', '--home', home, '--down'], { reject: false, stdin: 'ignore' });
    },
  };
}
