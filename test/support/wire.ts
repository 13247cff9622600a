// A TCP connection to a server that a test can freeze and cut.
import { createServer, connect as connectTcp, type AddressInfo, type Socket } from 'node:net';

const host = '127.0.0.1';

export interface Wire {
  readonly url: string;
  /** How many connections were made through it. */
  readonly connections: number;
  /** Takes what comes and passes nothing on any more, as when a machine stands still. */
  freeze(): void;
  /** Breaks every connection; new ones go through. */
  cut(): void;
  close(): Promise<void>;
}

/** @param target `https://127.0.0.1:PORT` */
export async function wireTo(target: string): Promise<Wire> {
  const sockets = new Set<Socket>();
  let isFrozen = false;
  let connections = 0;
  const join = (from: Socket, to: Socket) => {
    sockets.add(from);
    from.on('data', (bytes) => {
      if (!isFrozen) to.write(bytes);
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      sockets.delete(from);
      if (!isFrozen) to.destroy();
    });
  };
  const server = createServer((near) => {
    connections += 1;
    const far = connectTcp(Number(new URL(target).port), host);
    join(near, far);
    join(far, near);
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `https://${host}:${(server.address() as AddressInfo).port}`,
    get connections() {
      return connections;
    },
    freeze: () => (isFrozen = true),
    cut,
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      cut();
      return closed;
    },
  };
}
