// A connection that tests may freeze or cut, between a client and a server.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface TcpRelay {
  /** On 127.0.0.1. */
  readonly port: number;
  /** Nothing passes, in either direction, and nobody is told; new connections are accepted and get no answer. */
  freeze(): void;
  thaw(): void;
  /** Breaks what is open; new connections are closed at once, until `thaw`. */
  cut(): void;
  close(): Promise<void>;
}

export async function openRelay(target: { readonly host: string; readonly port: number }): Promise<TcpRelay> {
  const sockets = new Set<Socket>();
  let state: 'open' | 'frozen' | 'cut' = 'open';
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
    if (state === 'frozen') socket.pause();
  };
  const server = createServer({ pauseOnConnect: true }, (near) => {
    if (state === 'cut') {
      near.destroy();
      return;
    }
    const far = connect(target);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      keep(from);
      // By hand: a pipe would go on by itself.
      from.on('data', (bytes) => to.write(bytes)).on('close', () => to.destroy());
    }
    if (state === 'open') near.resume();
    else far.pause();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const breakAll = () => sockets.forEach((socket) => socket.destroy());
  return {
    port: (server.address() as AddressInfo).port,
    freeze() {
      state = 'frozen';
      sockets.forEach((socket) => socket.pause());
    },
    thaw() {
      state = 'open';
      sockets.forEach((socket) => socket.resume());
    },
    cut() {
      state = 'cut';
      breakAll();
    },
    async close() {
      breakAll();
      server.close();
      await once(server, 'close');
    },
  };
}
