// Who the agent is: its key and certificate on disk, got by joining with a token, renewed before they expire.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StatusError } from '../api/status-error.ts';
import { createCertificateRequest } from '../lib/certificates.ts';
import type { Clock } from '../lib/clock.ts';
import { certificatePem, inspectCertificate, isClientOf, renewalTimeMs } from '../lib/inspect-certificate.ts';
import type { CertificateFacts } from '../lib/inspect-certificate.ts';
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
  let held = examine(await readIdentity(path), options);
  const isInTime = ({ facts }: Held) => facts.fromMs <= options.clock.now() && options.clock.now() < facts.toMs;

  return {
    get current() {
      return held && isInTime(held) ? held.identity : undefined;
    },
    get renewAtMs() {
      return held && renewalTimeMs(held.facts);
    },
    async obtain(channel, signal) {
      if (!(held && isInTime(held)) && options.token === undefined) throw missingToken(options.nodeName);
      const { request, key } = await createCertificateRequest(agentCommonName(options.nodeName));
      const answer = await channel.join(
        { token: options.token ?? '', node_name: options.nodeName, certificate_request: request },
        signal,
      );
      // Asked of several servers at once, the first answer counts.
      signal.throwIfAborted();
      const next = { certificate: certificatePem(answer.certificate), key };
      const examined = examine(next, options);
      if (!examined || !isInTime(examined)) {
        throw new Error('the server gave a certificate that is not valid for this node and cluster');
      }
      await mkdir(options.directory, { recursive: true, mode: 0o700 });
      await writeFile(`${path}.new`, JSON.stringify(next), { mode: 0o600 });
      await rename(`${path}.new`, path);
      held = examined;
      return next;
    },
  };
}

interface Held {
  readonly identity: TlsIdentity;
  readonly facts: CertificateFacts;
}

/** What does not change with time is looked at once. Undefined: of no use for this node and cluster, at any time. */
function examine(identity: TlsIdentity | undefined, { authority, nodeName }: IdentityOptions): Held | undefined {
  if (!identity) return undefined;
  const facts = inspectCertificate(identity.certificate);
  const isOurs = isClientOf(facts.der, authority, facts.fromMs) && facts.commonName === agentCommonName(nodeName);
  return isOurs ? { identity, facts } : undefined;
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
