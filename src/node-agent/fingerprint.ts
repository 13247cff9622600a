// What this machine is, as a Node object: read once, when the agent starts.
import { statfs } from 'node:fs/promises';
import { availableParallelism, arch, networkInterfaces, platform, release, totalmem } from 'node:os';
import type { Node, NodeCondition, NodeSystemInfo, Taint } from '../api/types.gen.ts';
import { formatRfc3339 } from '../lib/rfc3339.ts';
import type { HostCapabilities } from './containerizer.ts';
import { readMachineFacts } from './machine-facts.ts';

export interface FingerprintOptions {
  readonly nodeName: string;
  /** The file system that holds containers. */
  readonly directory: string;
  readonly version: string;
  readonly capabilities: HostCapabilities;
  /** Agents that share this machine: each offers its part. */
  readonly sharedBy: number;
  readonly hostIp: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  readonly maxPods: number;
  readonly nowMs: number;
}

export async function fingerprint(options: FingerprintOptions): Promise<Node> {
  const capacity = quantities(shareOf(await machineCapacity(options), options.sharedBy));
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: options.nodeName,
      labels: { ...standardLabels(options.nodeName), ...options.labels },
      annotations: annotations(options.capabilities),
    },
    spec: options.taints.length > 0 ? { taints: options.taints } : {},
    status: {
      capacity,
      allocatable: capacity,
      addresses: [
        { type: 'InternalIP', address: options.hostIp },
        { type: 'Hostname', address: options.nodeName },
      ],
      nodeInfo: await systemFacts(options.version),
      conditions: conditions(options.capabilities, options.nowMs),
    },
  };
}

/** The first address of this machine that others can reach; loopback on a machine without a network. */
export function hostAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  const usable = addresses.filter((entry) => !entry.internal && !entry.address.startsWith('fe80:'));
  const chosen = usable.find((entry) => entry.family === 'IPv4') ?? usable[0];
  return chosen?.address ?? '127.0.0.1';
}

interface Capacity {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  readonly storageBytes: number;
  readonly pods: number;
}

async function machineCapacity(options: FingerprintOptions): Promise<Capacity> {
  const disk = await statfs(options.directory);
  return {
    cpuMillis: availableParallelism() * 1000,
    memoryBytes: Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY),
    storageBytes: disk.blocks * disk.bsize,
    pods: options.maxPods,
  };
}

function shareOf(capacity: Capacity, sharedBy: number): Capacity {
  return {
    cpuMillis: Math.floor(capacity.cpuMillis / sharedBy),
    memoryBytes: Math.floor(capacity.memoryBytes / sharedBy),
    storageBytes: Math.floor(capacity.storageBytes / sharedBy),
    pods: capacity.pods,
  };
}

function quantities(capacity: Capacity): Record<string, string> {
  const wholeCpus = capacity.cpuMillis % 1000 === 0;
  return {
    cpu: wholeCpus ? String(capacity.cpuMillis / 1000) : `${capacity.cpuMillis}m`,
    memory: `${Math.floor(capacity.memoryBytes / 1024)}Ki`,
    'ephemeral-storage': `${Math.floor(capacity.storageBytes / 1024)}Ki`,
    pods: String(capacity.pods),
  };
}

/** Go's names, which Kubernetes uses. */
const goArchitectures: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' };

function standardLabels(nodeName: string): Record<string, string> {
  const architecture = goArchitectures[arch()] ?? arch();
  return {
    'kubernetes.io/hostname': nodeName,
    'kubernetes.io/os': platform(),
    'kubernetes.io/arch': architecture,
  };
}

async function systemFacts(version: string): Promise<NodeSystemInfo> {
  const { osImage, machineId, bootId } = await readMachineFacts();
  return {
    architecture: goArchitectures[arch()] ?? arch(),
    operatingSystem: platform(),
    kernelVersion: release(),
    osImage,
    machineID: machineId,
    systemUUID: machineId,
    bootID: bootId,
    containerRuntimeVersion: `tepui://${version}`,
    kubeletVersion: `v${version}`,
    kubeProxyVersion: '',
  };
}

/** Degraded features are for people: `kubectl describe node` shows them. */
function annotations(capabilities: HostCapabilities): Record<string, string> {
  const degraded = capabilities.degraded.map(({ feature, reason, remedy }) => `${feature}: ${reason}; ${remedy}`);
  return {
    'tepui.dev/launcher': capabilities.launcher,
    'tepui.dev/isolators': capabilities.isolators.join(','),
    ...(degraded.length > 0 ? { 'tepui.dev/degraded': degraded.join('\n') } : {}),
  };
}

function conditions(capabilities: HostCapabilities, nowMs: number): readonly NodeCondition[] {
  const lastTransitionTime = formatRfc3339(nowMs);
  const features = capabilities.degraded.map(({ feature }) => feature).join(', ');
  const degraded = capabilities.degraded.length > 0;
  return [
    {
      type: 'IsolationDegraded',
      status: degraded ? 'True' : 'False',
      reason: degraded ? 'FeaturesMissing' : 'AllFeaturesPresent',
      message: degraded ? `missing: ${features}; see annotation tepui.dev/degraded` : 'every isolator works',
      lastTransitionTime,
    },
  ];
}
