// A small plain-HTTP face: fixed paths answered with JSON. The Mesos faces of server and agent begin as this.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Path → body; `undefined` answers 200 with an empty body. */
export type FaceRoutes = Readonly<Record<string, () => object | undefined>>;

export interface HttpFace {
  /** The port it listens on, also when any free one was asked for. */
  readonly port: number;
  close(): Promise<void>;
}

/** Listens on `host`:`port` (0: any free port). Rejects when the port is taken. */
export async function listenFace(host: string, port: number, routes: FaceRoutes): Promise<HttpFace> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
    const body = route?.();
    response.statusCode = route === undefined ? 404 : 200;
    if (body !== undefined) response.setHeader('content-type', 'application/json');
    response.end(body === undefined ? undefined : JSON.stringify(body));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
