// Lets agents into the cluster: a token, or the certificate to be renewed, against a certificate for one node name.
import { StatusError } from '../../api/status-error.ts';
import { signCertificateRequest } from '../../lib/certificates.ts';
import type { KeyedCertificate } from '../../lib/certificates.ts';
import type { Clock } from '../../lib/clock.ts';
import { inspectCertificate } from '../../lib/inspect-certificate.ts';
import type { JoinRequest, JoinResponse } from '../../rpc/agent-protocol.ts';
import type { Admit } from './admission.ts';
import { agentCommonName, agentDnsName, agentsGroup } from '../../rpc/identities.ts';

export interface JoinOptions {
  readonly authority: KeyedCertificate;
  readonly admit: Admit;
  readonly clock: Clock;
  /** Renewed after two thirds of it. */
  readonly certificateLifetimeMs: number;
  /** A token must not take over the name of an agent that is there. */
  readonly isConnected: (nodeName: string) => boolean;
  /** Only the leader knows who is connected, and so only it lets newcomers in; certificates are renewed by every server. */
  readonly mayAdmit: () => boolean;
}

export type Join = (request: JoinRequest, renewing: string | undefined) => Promise<JoinResponse>;

/** Clocks of machines differ: certificates begin this long ago. */
export const clockSkewMs = 300_000;

/**
 * Rejects with Unauthorized for a token that lets nobody in, Forbidden for another's name, Conflict for a name in use,
 * ServiceUnavailable where another server has to be asked.
 */
export function createJoin(options: JoinOptions): Join {
  return async (request, renewing) => {
    await authorize(options, request, renewing);
    const nowMs = options.clock.now();
    const certificate = await signCertificateRequest(options.authority, request.certificate_request, {
      commonName: agentCommonName(request.node_name),
      organizations: [agentsGroup],
      dnsNames: [agentDnsName(request.node_name)],
      usages: ['client', 'server'],
      validity: { fromMs: nowMs - clockSkewMs, toMs: nowMs + options.certificateLifetimeMs },
    });
    return {
      certificate: inspectCertificate(certificate).der,
      ca_certificate: inspectCertificate(options.authority.certificate).der,
    };
  };
}

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
/** So that the name in the certificate, with its suffix, stays a DNS name. */
const longestNodeName = 200;

async function authorize(options: JoinOptions, request: JoinRequest, renewing: string | undefined): Promise<void> {
  const name = request.node_name;
  if (!subdomain.test(name) || name.length > longestNodeName) {
    const rule = `lower-case letters, digits, '-' and '.', at most ${longestNodeName} characters`;
    throw new StatusError('BadRequest', `node name "${name}" is not valid: it must consist of ${rule}`);
  }
  if (renewing !== undefined) {
    if (renewing === name) return;
    throw new StatusError('Forbidden', `the certificate belongs to node ${renewing}; it cannot join as ${name}`);
  }
  const verdict = await options.admit(request.token);
  if (verdict !== 'admitted') throw new StatusError('Unauthorized', verdict);
  if (!options.mayAdmit()) {
    throw new StatusError('ServiceUnavailable', 'this server does not lead: join at the one that does');
  }
  if (options.isConnected(name)) {
    throw new StatusError('Conflict', `an agent is connected as node ${name}: give this one another name`);
  }
}
