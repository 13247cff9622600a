// TLS of both directions: who presents what, who checks whom. Certificates can be exchanged while servers run.
import { credentials as channelCredentials, experimental } from '@grpc/grpc-js';
import type { ChannelCredentials, ChannelOptions, ServerCredentials } from '@grpc/grpc-js';
import { StatusError } from '../api/status-error.ts';
import type { Clock } from '../lib/clock.ts';
import { inspectCertificate, isClientOf } from '../lib/inspect-certificate.ts';

/** PEM. */
export interface TlsIdentity {
  readonly certificate: string;
  readonly key: string;
}

export interface ReplaceableCredentials {
  readonly credentials: ServerCredentials;
  /** New connections get this certificate from now on. */
  replace(identity: TlsIdentity): void;
}

type IdentityListener = (update: { certificate: Buffer; privateKey: Buffer } | null) => void;

/**
 * Credentials of a server that asks for client certificates of `authority` and lets `requireClient` decide whether one
 * must be there. Without it, what is presented is unchecked: call `verifiedPeer` in every handler.
 */
export function createServerCredentials(
  authority: string,
  identity: TlsIdentity,
  requireClient: boolean,
): ReplaceableCredentials {
  const listeners = new Set<IdentityListener>();
  let current = identity;
  const update = () => ({ certificate: Buffer.from(current.certificate), privateKey: Buffer.from(current.key) });
  const provider = {
    // grpc-js registers itself with the credentials only after these calls: told at once, it would not hear it.
    addCaCertificateListener: (listener: (update: { caCertificate: Buffer }) => void) =>
      queueMicrotask(() => listener({ caCertificate: Buffer.from(authority) })),
    removeCaCertificateListener: () => undefined,
    addIdentityCertificateListener(listener: IdentityListener) {
      listeners.add(listener);
      queueMicrotask(() => listener(update()));
    },
    removeIdentityCertificateListener: (listener: IdentityListener) => void listeners.delete(listener),
  };
  return {
    credentials: experimental.createCertificateProviderServerCredentials(provider, provider, requireClient),
    replace(next) {
      current = next;
      for (const listener of listeners) listener(update());
    },
  };
}

/** What of a gRPC call this file needs. */
interface AuthenticatedCall {
  getAuthContext(): { readonly sslPeerCertificate?: { readonly raw: Uint8Array } };
}

/** The common name of the caller's certificate; undefined without one. Throws Unauthorized when it is not valid here. */
export function verifiedPeer(call: AuthenticatedCall, authority: string, clock: Clock): string | undefined {
  const raw = call.getAuthContext().sslPeerCertificate?.raw;
  if (raw === undefined) return undefined;
  if (isClientOf(raw, authority, clock.now())) return inspectCertificate(raw).commonName;
  throw new StatusError(
    'Unauthorized',
    'the client certificate is expired or not signed by the authority of this cluster',
  );
}

/** Credentials of a client that trusts `authority` only and presents `identity`, if it has one. */
export function createChannelCredentials(authority: string, identity: TlsIdentity | undefined): ChannelCredentials {
  return channelCredentials.createSsl(
    Buffer.from(authority),
    identity ? Buffer.from(identity.key) : null,
    identity ? Buffer.from(identity.certificate) : null,
  );
}

const largestMessageBytes = 64 * 1024 * 1024;

/** Limits of both sides: a node's complete set of pods is one message. */
export const messageLimits: ChannelOptions = {
  'grpc.max_receive_message_length': largestMessageBytes,
  'grpc.max_send_message_length': largestMessageBytes,
};

/** @param dnsName what the server's certificate must be for, whatever its address */
export const channelOptions = (dnsName: string): ChannelOptions => ({
  ...messageLimits,
  'grpc.ssl_target_name_override': dnsName,
  'grpc.default_authority': dnsName,
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 10_000,
  // Reconnecting is the caller's decision; a channel must not sit out a back-off of its own on top.
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1_000,
  'grpc.use_local_subchannel_pool': 1,
  'grpc.enable_retries': 0,
});
