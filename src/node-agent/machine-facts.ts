// What the operating system says of itself. Linux tells it in a few small files; other systems are asked through a
// library, which is loaded only there: it costs an agent 10 MB.
import { readFile } from 'node:fs/promises';
import { platform } from 'node:os';

export interface MachineFacts {
  /** For people: `Debian GNU/Linux 12 (bookworm)`. */
  readonly osImage: string;
  readonly machineId: string;
  /** Changes with every boot; empty where the system does not say. */
  readonly bootId: string;
}

export function readMachineFacts(): Promise<MachineFacts> {
  return platform() === 'linux' ? readLinuxFacts() : askSystem();
}

async function readLinuxFacts(): Promise<MachineFacts> {
  const [machineId, bootId, osRelease] = await Promise.all([
    readText('/etc/machine-id'),
    readText('/proc/sys/kernel/random/boot_id'),
    readText('/etc/os-release'),
  ]);
  return { osImage: /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(osRelease)?.[1] ?? 'linux', machineId, bootId };
}

/** Exported for its test: it works on Linux too. */
export async function askSystem(): Promise<MachineFacts> {
  const { osInfo, uuid } = await import('systeminformation');
  const [system, ids] = await Promise.all([osInfo(), uuid()]);
  const osImage = [system.distro, system.release, system.codename && `(${system.codename})`].filter(Boolean).join(' ');
  return { osImage: osImage || platform(), machineId: ids.os, bootId: '' };
}

/** Empty where the file does not exist, as in a small container. */
async function readText(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch {
    return '';
  }
}
