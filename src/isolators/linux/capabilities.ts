// linux/capabilities: the root of a container is not the root of the host.
import type { Capabilities, SecurityContext } from '../../api/types.gen.ts';
import { configError } from '../isolation-error.ts';
import type { Isolator } from '../isolator.ts';

/** What a container gets unless it says otherwise: enough to install files, drop to a user and bind port 80. */
export const defaultCapabilities = [
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
] as const;

const known = new Set(
  (
    'AUDIT_CONTROL AUDIT_READ AUDIT_WRITE BLOCK_SUSPEND BPF CHECKPOINT_RESTORE CHOWN DAC_OVERRIDE DAC_READ_SEARCH ' +
    'FOWNER FSETID IPC_LOCK IPC_OWNER KILL LEASE LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE MKNOD NET_ADMIN ' +
    'NET_BIND_SERVICE NET_BROADCAST NET_RAW PERFMON SETFCAP SETGID SETPCAP SETUID SYSLOG SYS_ADMIN SYS_BOOT ' +
    'SYS_CHROOT SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG WAKE_ALARM'
  ).split(' '),
);

/** Sorted `CAP_…` names. `ALL` in `drop` is taken first, then `add`, then single drops, as container engines do. */
export function effectiveCapabilities(change: Capabilities | undefined, path: string): string[] {
  const add = (change?.add ?? []).map((name) => normalize(name, path));
  const drop = (change?.drop ?? []).map((name) => normalize(name, path));
  const start: readonly string[] = drop.includes('ALL') ? [] : add.includes('ALL') ? [...known] : defaultCapabilities;
  const result = new Set([...start, ...add.filter((name) => name !== 'ALL')]);
  for (const name of drop) result.delete(name);
  return [...result].sort().map((name) => `CAP_${name}`);
}

function normalize(name: string, path: string): string {
  const plain = name.toUpperCase().replace(/^CAP_/, '');
  if (plain === 'ALL' || known.has(plain)) return plain;
  throw configError(
    `${path}.capabilities: expected a capability such as NET_BIND_SERVICE, found ${JSON.stringify(name)}`,
  );
}

export function createCapabilitiesIsolator(): Isolator {
  return {
    name: 'linux/capabilities',
    prepare({ container }, spec) {
      const path = `containers[${container.name}].securityContext`;
      refusePrivileged(container.securityContext, path);
      const names = effectiveCapabilities(container.securityContext?.capabilities, path);
      spec.process.capabilities = { bounding: names, effective: names, permitted: names };
      spec.process.noNewPrivileges = container.securityContext?.allowPrivilegeEscalation === false;
    },
  };
}

function refusePrivileged(context: SecurityContext | undefined, path: string): void {
  if (context?.privileged !== true) return;
  throw configError(
    `${path}.privileged: agents run no privileged containers, they would own the host; add the capabilities that are needed to ${path}.capabilities.add`,
  );
}
