// A network of hosts inside this machine: a network namespace each, joined by a bridge on which this machine has an address
// too. Pairs of hosts are cut by teaching each a wrong hardware address of the other: packets vanish without an error, as
// with a broken switch, and nothing but iproute2 is needed.
import { execa } from 'execa';
import { readdirSync } from 'node:fs';
import { isAlive } from './leftovers.ts';

export interface NetworkHost {
  readonly name: string;
  /** IPv4. */
  readonly address: string;
  /** The command that runs `command` on this host, in the same process. */
  wrap(command: readonly string[]): string[];
}

export interface Network {
  host(name: string): NetworkHost;
  /** Nothing passes between the two in either direction, until `heal`. */
  cut(a: NetworkHost, b: NetworkHost): Promise<void>;
  heal(a: NetworkHost, b: NetworkHost): Promise<void>;
  destroy(): Promise<void>;
}

/** Names are `tpf<process id of the owner>-<host>`, so that what a killed suite left behind can be told. */
const prefix = 'tpf';
const ip = (...args: string[]) => execa('ip', args);
const nobody = '02:00:00:00:00:01';

/** Why there can be no such network here; undefined: there can. */
export async function networkProblem(): Promise<string | undefined> {
  const trial = `${prefix}${String(process.pid)}-trial`;
  try {
    await ip('netns', 'add', trial);
    await ip('netns', 'del', trial);
    await execa('nsenter', ['--version']);
    return undefined;
  } catch (error) {
    return `network namespaces cannot be made here: ${(error as Error).message.split('\n')[0] ?? ''}`;
  }
}

/** Removes networks whose owner is gone, and ends the processes that still run in them. */
export async function removeLeftNetworks(): Promise<void> {
  const left = (name: string) => {
    const owner = /^tpf(\d+)/.exec(name)?.[1];
    return owner !== undefined && !isAlive(Number(owner));
  };
  const { stdout } = await ip('netns', 'list');
  const namespaces = stdout.split('\n').map((line) => line.split(' ')[0] ?? '');
  for (const name of namespaces.filter(left)) {
    const { stdout: pids } = await ip('netns', 'pids', name);
    for (const pid of pids.split('\n').filter((text) => text !== '')) endProcess(Number(pid));
    await ip('netns', 'del', name);
  }
  // The devices of a namespace go with it; the bridge is on this side.
  for (const name of readdirSync('/sys/class/net').filter(left)) {
    await execa('ip', ['link', 'del', name], { reject: false });
  }
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

/** @param names of the hosts, which get addresses in this order from .11 on */
export async function createNetwork(names: readonly string[]): Promise<Network> {
  const own = `${prefix}${String(process.pid)}`;
  const subnet = await freeSubnet();
  const hosts = new Map(
    names.map((name, index) => [name, createHost(`${own}-${name}`, name, `${subnet}.${String(11 + index)}`)]),
  );
  const destroy = async () => {
    for (const name of names) await execa('ip', ['netns', 'del', `${own}-${name}`], { reject: false });
    await execa('ip', ['link', 'del', `${own}b`], { reject: false });
  };
  const namespaceOf = ({ name }: NetworkHost) => `${own}-${name}`;
  const lose = (at: NetworkHost, other: NetworkHost) =>
    ip(
      '-n',
      namespaceOf(at),
      ...['neigh', 'replace', other.address, 'lladdr', nobody, 'dev', 'eth0', 'nud', 'permanent'],
    );
  const find = (at: NetworkHost, other: NetworkHost) =>
    execa('ip', ['-n', namespaceOf(at), 'neigh', 'del', other.address, 'dev', 'eth0'], { reject: false });
  try {
    await ip('link', 'add', `${own}b`, 'type', 'bridge');
    await ip('addr', 'add', `${subnet}.1/24`, 'dev', `${own}b`);
    await ip('link', 'set', `${own}b`, 'up');
    let index = 0;
    for (const host of hosts.values()) await join(own, namespaceOf(host), `${own}v${String(index++)}`, host.address);
  } catch (error) {
    await destroy();
    throw error;
  }
  return {
    host(name) {
      const found = hosts.get(name);
      if (!found) throw new Error(`there is no host "${name}" in this network: ${names.join(', ')}`);
      return found;
    },
    async cut(a, b) {
      await Promise.all([lose(a, b), lose(b, a)]);
    },
    async heal(a, b) {
      await Promise.all([find(a, b), find(b, a)]);
    },
    destroy,
  };
}

/** `nsenter` changes the network alone; `ip netns exec` would also hide the cgroups from an agent. */
const createHost = (namespace: string, name: string, address: string): NetworkHost => ({
  name,
  address,
  wrap: (command) => ['nsenter', `--net=/run/netns/${namespace}`, '--', ...command],
});

async function join(own: string, namespace: string, device: string, address: string): Promise<void> {
  await ip('netns', 'add', namespace);
  await ip('link', 'add', device, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace);
  await ip('link', 'set', device, 'master', `${own}b`, 'up');
  await ip('-n', namespace, 'link', 'set', 'lo', 'up');
  await ip('-n', namespace, 'addr', 'add', `${address}/24`, 'dev', 'eth0');
  await ip('-n', namespace, 'link', 'set', 'eth0', 'up');
}

async function freeSubnet(): Promise<string> {
  const { stdout } = await ip('-o', 'addr');
  for (let third = 0; third < 256; third += 1) {
    const subnet = `10.231.${String(third)}`;
    if (!stdout.includes(`${subnet}.`)) return subnet;
  }
  throw new Error('no free network below 10.231.0.0/16: see `ip addr` for what uses them');
}
