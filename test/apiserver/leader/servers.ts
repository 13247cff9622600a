// Servers of one cluster in one process, each with its own state, listener and proxy, and clients that talk to them.
import { createTokenAuthenticator } from '../../../src/apiserver/authentication.ts';
import type { ApiDependencies } from '../../../src/apiserver/dependencies.ts';
import { createLeaderProxy, type LeaderProxy } from '../../../src/apiserver/leader/leader-proxy.ts';
import { listen, type Listening } from '../../../src/apiserver/node-http.ts';
import { respondJson } from '../../../src/apiserver/respond.ts';
import type { ApiResponse, Handler } from '../../../src/api/request.ts';
import { createHttpHandler, type HttpHandler } from '../../../src/client/http-handler.ts';
import { readAll } from '../../../src/client/streams.ts';
import { issueCertificate, type KeyedCertificate } from '../../../src/lib/certificates.ts';
import { silentLog } from '../../../src/lib/log.ts';
import { apiRequest } from '../../support/api-request.ts';
import { testAuthority, validNow } from '../../support/authority.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import { fakeLeadership, type FakeLeadership } from '../../support/fake-leadership.ts';
import { createApi, type Api, type Json } from '../api-fixture.ts';

export const host = '127.0.0.1';
export const token = 'a-secret-token';
export const maps = '/api/v1/namespaces/default/configmaps';

export interface TestServer {
  readonly id: string;
  readonly url: string;
  readonly api: Api;
  readonly clock: FakeClock;
  readonly leadership: FakeLeadership;
  readonly proxy: LeaderProxy;
  /** Requests that reached the local handler, `GET /path`. */
  readonly served: string[];
  readonly listening: Listening;
  close(): Promise<void>;
}

export interface ServerOptions extends Partial<ApiDependencies> {
  /** Stands around the local handler. */
  readonly around?: (local: Handler) => Handler;
}

/** `/whoami` at any server tells who answered and what arrived. */
export async function startServer(id: string, options: ServerOptions = {}): Promise<TestServer> {
  const { around = (local: Handler) => local, ...overrides } = options;
  const user = { username: 'admin', groups: ['system:masters'] };
  const api = await createApi({
    authenticate: createTokenAuthenticator([{ token, user }]),
    fixed: [
      (request) =>
        request.path === '/whoami'
          ? respondJson(200, { server: id, user: request.user, headers: request.headers })
          : undefined,
    ],
    ...overrides,
  });
  const clock = createFakeClock();
  const leadership = fakeLeadership();
  const served: string[] = [];
  const authority = await testAuthority();
  const identity = await serverIdentity(id);
  const proxy = createLeaderProxy({
    ...{ leadership, clock, serverId: id, log: silentLog },
    ca: authority.certificate,
    identity: () => identity,
  });
  const local: Handler = (request) => {
    served.push(`${request.method} ${request.path}`);
    return around(api.handle)(request);
  };
  const listening = await listen({
    ...{ host, port: 0, handler: proxy.layer(local) },
    ...{ key: identity.key, cert: identity.certificate, ca: authority.certificate },
  });
  const url = `https://${host}:${listening.port}`;
  return {
    ...{ id, url, api, clock, leadership, proxy, served, listening },
    async close() {
      proxy.close();
      await listening.close();
      await api.close();
    },
  };
}

export async function serverIdentity(id: string): Promise<KeyedCertificate> {
  return issueCertificate(await testAuthority(), {
    commonName: `system:tepui:server:${id}`,
    organizations: ['system:servers'],
    ipAddresses: [host],
    usages: ['server', 'client'],
    validity: validNow(),
  });
}

/** Makes the first one lead and the others follow it. */
export function elect(leader: TestServer, ...followers: readonly TestServer[]): void {
  leader.leadership.set({ part: 'leading', leaderApi: undefined });
  for (const { leadership } of followers) leadership.set({ part: 'following', leaderApi: leader.url });
}

export interface Reply {
  readonly status: number;
  readonly headers: ApiResponse['headers'];
  readonly text: string;
  readonly json: Json;
}

export interface Ask {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface TestClient {
  /** @param where `GET /api/v1/pods` */
  call(where: string, ask?: Ask): Promise<Reply>;
  open(where: string, ask?: Ask): Promise<ApiResponse>;
  close(): void;
}

/** @param certificate the client's; otherwise it has the token */
export async function clientOf(url: string, certificate?: KeyedCertificate): Promise<TestClient> {
  const ca = (await testAuthority()).certificate;
  const credentials = certificate
    ? { clientCertificate: certificate.certificate, clientKey: certificate.key }
    : { token };
  const handler: HttpHandler = createHttpHandler({ server: url, ca, ...credentials });
  const open = (where: string, { body, headers = {}, signal }: Ask = {}) => {
    const [method = '', path = ''] = where.split(' ');
    const text = body === undefined ? '' : JSON.stringify(body);
    return handler.handle(
      apiRequest(path, { method, headers, body: Buffer.from(text), ...(signal ? { signal } : {}) }),
    );
  };
  return {
    open,
    async call(where, ask) {
      const { status, headers, body } = await open(where, ask);
      const text = Buffer.from(await readAll(body)).toString('utf8');
      return {
        ...{ status, headers, text },
        get json() {
          return JSON.parse(text) as Json;
        },
      };
    },
    close: () => handler.close(),
  };
}
