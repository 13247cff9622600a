// Under which address this machine serves: loopback if it only talks to itself, else the one that reaches the others.
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { isIPv6 } from 'node:net';

const loopback = '127.0.0.1';

/**
 * The address from which packets to the first of `servers` that is on another machine would leave; 127.0.0.1 when all are
 * loopback addresses. Nothing is sent.
 * @param servers `HOST:PORT`
 */
export async function addressTowards(servers: readonly string[]): Promise<string> {
  for (const server of servers) {
    const { hostname } = new URL(`https://${server}`);
    const { address } = await lookup(hostname.replace(/^\[|\]$/g, '')).catch(() => ({ address: loopback }));
    if (!isLoopback(address)) return leavingAddress(address);
  }
  return loopback;
}

const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1';

/** Connecting a UDP socket makes the system choose a route, and thereby an address. */
function leavingAddress(target: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIPv6(target) ? 'udp6' : 'udp4');
    socket.on('error', (error) => {
      socket.close();
      reject(error);
    });
    // Any port will do.
    socket.connect(9, target, () => {
      const { address } = socket.address();
      socket.close();
      resolve(address);
    });
  });
}
