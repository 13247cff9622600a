// How Mesos' detectors learn of the leader: MasterInfo as JSON, in the znode `json.info_…`, as a Mesos master writes it.
import { lookup } from 'node:dns/promises';
import { isIPv4 } from 'node:net';
import { sleep, type Clock } from '../../lib/clock.ts';
import { mesosVersion } from '../../lib/product.ts';
import type { ServerFacts } from '../election.ts';

/** What a master can do that agents and frameworks may ask for. */
const capabilities = ['AGENT_UPDATE', 'AGENT_DRAINING', 'QUOTA_V2'].map((type) => ({ type }));

/** @param ip IPv4 address of the host; undefined: not known, and detectors have to go by the name */
export function masterInfo({ id, mesos }: ServerFacts, ip: string | undefined): object {
  const { host, port } = splitAddress(mesos);
  const address = { hostname: host, ...(ip === undefined ? {} : { ip }), port };
  const numeric = ip === undefined ? 0 : networkOrder(ip);
  const pid = `master@${ip ?? host}:${String(port)}`;
  return { address, capabilities, hostname: host, id, ip: numeric, pid, port, version: mesosVersion };
}

/** The four bytes in network order, read as a number by a little-endian machine: 10.0.0.1 is 0x0100000a. */
function networkOrder(ip: string): number {
  return Buffer.from(ip.split('.').map(Number)).readUInt32LE();
}

/** @param address `HOST:PORT`; an IPv6 host in brackets */
function splitAddress(address: string): { host: string; port: number } {
  const colon = address.lastIndexOf(':');
  return { host: address.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(address.slice(colon + 1)) };
}

const lookupLimitMs = 2000;

/** IPv4 address of the host of `HOST:PORT`; undefined when it has none, or its name is not resolved in time. */
export async function resolveHost(address: string, clock: Clock): Promise<string | undefined> {
  const { host } = splitAddress(address);
  if (isIPv4(host)) return host;
  const found = lookup(host, { family: 4 }).then(
    (answer) => answer.address,
    () => undefined,
  );
  return Promise.race([found, sleep(clock, lookupLimitMs).then(() => undefined)]);
}
