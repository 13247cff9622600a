// A listening gRPC server with an orderly end: what both services of proto/agent.proto have in common.
import { Server } from '@grpc/grpc-js';
import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import { serviceDefinition } from './proto.ts';
import { createServerCredentials, messageLimits } from './tls-credentials.ts';
import type { TlsIdentity } from './tls-credentials.ts';

export interface ListenOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** The cluster's certificate authority, PEM. */
  readonly authority: string;
  readonly identity: TlsIdentity;
}

export interface ListeningServer {
  readonly port: number;
  /** New connections get this certificate from now on. */
  replaceIdentity(identity: TlsIdentity): void;
  /** Ends all calls and stops listening. */
  close(): void;
}

/** @param requireClient refuse connections without a certificate of the authority during the TLS handshake */
export async function listen(
  service: 'AgentGateway' | 'AgentStreams',
  handlers: UntypedServiceImplementation,
  options: ListenOptions,
  requireClient: boolean,
): Promise<ListeningServer> {
  const server = new Server({
    ...messageLimits,
    'grpc.keepalive_time_ms': 60_000,
    'grpc.keepalive_timeout_ms': 20_000,
  });
  server.addService(serviceDefinition(service), handlers);
  const replaceable = createServerCredentials(options.authority, options.identity, requireClient);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${bracketed(options.host)}:${options.port}`, replaceable.credentials, (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  return { port, replaceIdentity: (identity) => replaceable.replace(identity), close: () => server.forceShutdown() };
}

const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);
