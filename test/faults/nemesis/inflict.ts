// Makes a fault happen to the running system, and undoes it.
import type { Member, System } from '../cluster/system.ts';
import { slowDisk } from '../cluster/slow-disk.ts';
import type { Fault, Victim } from './plan.ts';

export interface Inflicted {
  /** Whom it met. */
  readonly met: string;
  /** Ends the fault; what it did to processes is mended: they run again. */
  undo(): Promise<void>;
}

/** @param leader the server that leads now, as far as anybody knows; else the first is taken */
export async function inflict(system: System, fault: Fault, leader: Member | undefined): Promise<Inflicted> {
  switch (fault.kind) {
    case 'kill':
      return kill(victimsOf(system, fault.victim, fault.choice, leader));
    case 'freeze':
      return freeze(victimsOf(system, fault.victim, fault.choice, leader));
    case 'cut':
      return cut(system, fault, leader ?? system.servers[0]);
    case 'clock':
      return jump(victimsOf(system, fault.victim, fault.choice, leader), fault.seconds);
    case 'slow disk': {
      const [member] = victimsOf(system, 'zookeeper', fault.choice, leader);
      if (!member) return nobody;
      return { met: member.name, undo: await slowDisk(member.process.pid, fault.flushMs) };
    }
  }
}

const nobody: Inflicted = { met: 'nobody', undo: () => Promise.resolve() };
const names = (members: readonly Member[]) => members.map(({ name }) => name).join(', ');

function victimsOf(system: System, victim: Victim, choice: number, leader: Member | undefined): Member[] {
  const { servers, zookeepers, agents } = system;
  const leads = leader ?? servers[0];
  const one = (members: readonly Member[]) => members.slice(choice % Math.max(1, members.length)).slice(0, 1);
  switch (victim) {
    case 'leader':
      return leads ? [leads] : [];
    case 'standby':
      return one(servers.filter((server) => server !== leads));
    case 'zookeeper':
      return one(zookeepers);
    case 'two zookeepers':
      return zookeepers.filter((_, index) => index !== choice % zookeepers.length);
    case 'agent':
      return one(agents);
  }
}

async function kill(members: readonly Member[]): Promise<Inflicted> {
  await Promise.all(members.map(({ process }) => process.end('SIGKILL')));
  const undo = async () => {
    await Promise.all(members.map(({ process }) => process.start()));
  };
  return { met: names(members), undo };
}

function freeze(members: readonly Member[]): Promise<Inflicted> {
  for (const { process } of members) process.signal('SIGSTOP');
  const undo = () => {
    for (const { process } of members) process.signal('SIGCONT');
    return Promise.resolve();
  };
  return Promise.resolve({ met: names(members), undo });
}

async function cut(system: System, fault: Fault & { kind: 'cut' }, leader: Member | undefined): Promise<Inflicted> {
  const { network } = system;
  const from = leader?.host;
  if (!network || !from) return nobody;
  const others = {
    zookeepers: system.zookeepers,
    agents: system.agents,
    standbys: system.servers.filter((server) => server !== leader),
  }[fault.from];
  const hosts = others.map(({ host }) => host).filter((host) => host !== undefined);
  await Promise.all(hosts.map((host) => network.cut(from, host)));
  const undo = async () => {
    await Promise.all(hosts.map((host) => network.heal(from, host)));
  };
  return { met: leader.name, undo };
}

function jump(members: readonly Member[], seconds: number): Promise<Inflicted> {
  for (const { clock } of members) clock?.setOffset(seconds);
  const undo = () => {
    for (const { clock } of members) clock?.setOffset(0);
    return Promise.resolve();
  };
  return Promise.resolve({ met: names(members.filter(({ clock }) => clock !== undefined)), undo });
}
