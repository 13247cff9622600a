// A server of the ensemble as a member of the system: a process that the nemesis may kill, stop and start.
import type { Ensemble, EnsembleServer } from '../../support/zookeeper-ensemble.ts';
import type { ManagedProcess } from './managed-process.ts';
import type { Member } from './system.ts';

export function zookeeperMember(
  name: string,
  ensemble: Ensemble,
  index: number,
  place: Pick<Member, 'host' | 'clock'> | undefined,
): Member {
  const server = ensemble.servers[index];
  if (!server) throw new Error(`there is no ZooKeeper server ${String(index)}`);
  return { name, process: processOf(name, server), host: place?.host, clock: place?.clock };
}

const processOf = (name: string, server: EnsembleServer): ManagedProcess => ({
  name,
  ownExits: [],
  get isRunning() {
    return server.pid !== undefined;
  },
  get pid() {
    if (server.pid === undefined) throw new Error(`${name} does not run`);
    return server.pid;
  },
  start: () => server.restart(),
  signal(signal) {
    if (server.pid !== undefined) process.kill(server.pid, signal);
  },
  end: () => server.kill(),
});
