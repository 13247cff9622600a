// Certificates of agents made ahead: a thousand joins one after another are not what is measured.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { locateHome } from '../../src/cmd/home.ts';
import { loadSharedIdentity } from '../../src/cmd/identity/zookeeper-keeper.ts';
import { issueCertificate } from '../../src/lib/certificates.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { agentCommonName, agentDnsName, agentsGroup } from '../../src/rpc/identities.ts';
import { parseZookeeperUrl } from '../../src/zookeeper/address.ts';
import { createZookeeper } from '../../src/zookeeper/create-zookeeper.ts';

export interface FutureAgent {
  readonly nodeName: string;
  readonly directory: string;
}

const dayMs = 86_400_000;

/** @param serverHome of a server of the cluster: what opens the cluster's authority lies there */
export async function makeIdentities(url: string, serverHome: string, agents: readonly FutureAgent[]): Promise<void> {
  const [clock, log] = [systemClock, silentLog];
  const zookeeper = createZookeeper({ address: parseZookeeperUrl(url), sessionTimeoutMs: 4000, clock, log });
  const { signal } = new AbortController();
  try {
    await zookeeper.connected(signal);
    const place = { zookeeper, clock, log, home: locateHome(serverHome), token: undefined };
    const { authority } = await loadSharedIdentity(place, signal);
    const validity = { fromMs: clock.now() - dayMs, toMs: clock.now() + dayMs };
    for (const { nodeName, directory } of agents) {
      const identity = await issueCertificate(authority, {
        commonName: agentCommonName(nodeName),
        organizations: [agentsGroup],
        dnsNames: [agentDnsName(nodeName)],
        usages: ['client', 'server'],
        validity,
      });
      await mkdir(directory, { recursive: true });
      await writeFile(join(directory, 'identity.json'), JSON.stringify(identity));
    }
  } finally {
    await zookeeper.close();
  }
}
