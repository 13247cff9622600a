// Who the agent is: its key and certificate on disk, got by joining with a token, renewed before they expire.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StatusError } from '../api/status-error.ts';
import { createCertificateRequest } from '../lib/certificates.ts';
import type { Clock } from '../lib/clock.ts';
import { certificatePem, inspectCertificate, isClientOf, renewalTimeMs } from '../lib/inspect-certificate.ts';
import type { AgentGatewayChannel } from '../rpc/agent-gateway-channel.ts';
import { agentCommonName } from '../rpc/identities.ts';
import type { TlsIdentity } from '../rpc/tls-credentials.ts';

export interface IdentityOptions {
  readonly directory: string;
  readonly nodeName: string;
  /** The cluster's certificate authority, PEM: pinned, known before the first contact. */
  readonly authority: string;
  /** Needed only while there is no valid certificate. */
  readonly token: string | undefined;
  readonly clock: Clock;
}

export interface Identity {
  /** The certificate in hand if it is valid for this node and cluster. */
  readonly current: TlsIdentity | undefined;
  /** When to renew, milliseconds since the epoch; undefined without a certificate. */
  readonly renewAtMs: number | undefined;
  /** Asks for a new certificate: by token, or, on a channel that presents the current one, by that. */
  obtain(channel: AgentGatewayChannel, signal: AbortSignal): Promise<TlsIdentity>;
}

export async function loadIdentity(options: IdentityOptions): Promise<Identity> {
  const path = join(options.directory, 'identity.json');
  let current = await readIdentity(path);
  const isValid = (identity: TlsIdentity | undefined) =>
    identity !== undefined &&
    isClientOf(inspectCertificate(identity.certificate).der, options.authority, options.clock.now()) &&
    inspectCertificate(identity.certificate).commonName === agentCommonName(options.nodeName);

  return {
    get current() {
      return isValid(current) ? current : undefined;
    },
    get renewAtMs() {
      return current ? renewalTimeMs(inspectCertificate(current.certificate)) : undefined;
    },
    async obtain(channel, signal) {
      if (!isValid(current) && options.token === undefined) throw missingToken(options.nodeName);
      const { request, key } = await createCertificateRequest(agentCommonName(options.nodeName));
      const answer = await channel.join(
        { token: options.token ?? '', node_name: options.nodeName, certificate_request: request },
        signal,
      );
      // Asked of several servers at once, the first answer counts.
      signal.throwIfAborted();
      const next = { certificate: certificatePem(answer.certificate), key };
      if (!isValid(next)) throw new Error('the server gave a certificate that is not valid for this node and cluster');
      await mkdir(options.directory, { recursive: true, mode: 0o700 });
      await writeFile(`${path}.new`, JSON.stringify(next), { mode: 0o600 });
      await rename(`${path}.new`, path);
      current = next;
      return next;
    },
  };
}

async function readIdentity(path: string): Promise<TlsIdentity | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as TlsIdentity;
  } catch {
    // Absent or torn: joining again makes a new one.
    return undefined;
  }
}

function missingToken(nodeName: string): StatusError {
  return new StatusError(
    'Unauthorized',
    `agent ${nodeName} has no valid certificate and no join token: start it with a token of this cluster`,
  );
}
