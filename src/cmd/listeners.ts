// The ports of a server, opened before there is anything to answer with, so that it is known to others by them.
import { listen, type Listening } from '../apiserver/node-http.ts';
import { respondError } from '../apiserver/respond.ts';
import type { Handler } from '../api/request.ts';
import { StatusError } from '../api/status-error.ts';
import type { KeyedCertificate } from '../lib/certificates.ts';
import { listenFace, type HttpFace } from '../lib/http-face.ts';
import type { ControlPlaneOptions } from './control-plane-options.ts';
import { mesosRoutes } from './mesos-routes.ts';
import { orPortTaken } from './start-problem.ts';

export interface Listeners {
  readonly api: Listening;
  readonly mesos: HttpFace;
  /** From now on requests go there; until then they are asked to come again. */
  serve(handler: Handler): void;
  /** For connections from now on. */
  replaceCertificate(renewed: KeyedCertificate): void;
  close(): Promise<void>;
}

/** Rejects when a port is taken, with what to do. */
export async function openListeners(options: ControlPlaneOptions): Promise<Listeners> {
  const { host, ports, certificate, identity } = options;
  const identityOf = (pair: KeyedCertificate) => ({
    key: pair.key,
    cert: pair.certificate,
    ca: identity.authority.certificate,
  });
  let serving: Handler = starting;
  const api = await orPortTaken(
    listen({
      ...{ host, clock: options.clock, port: ports.api },
      ...identityOf(certificate.current),
      handler: (request) => serving(request),
    }),
    ports.api,
    '--api-port',
  );
  try {
    const mesos = await orPortTaken(listenFace(host, ports.mesos, mesosRoutes), ports.mesos, '--mesos-port');
    const close = async () => {
      await Promise.all([api.close(), mesos.close()]);
    };
    return {
      ...{ api, mesos, close },
      serve: (handler) => void (serving = handler),
      replaceCertificate: (renewed) => api.replaceIdentity(identityOf(renewed)),
    };
  } catch (error) {
    await api.close();
    throw error;
  }
}

const starting: Handler = () => {
  const soon = { retryAfterSeconds: 1 };
  return Promise.resolve(
    respondError(new StatusError('ServiceUnavailable', 'this server is starting; try again', soon)),
  );
};
