// Lets agents into the cluster: a token, or the certificate to be renewed, against a certificate for one node name.
import { createHash, timingSafeEqual } from 'node:crypto';
import { StatusError } from '../../api/status-error.ts';
import { signCertificateRequest } from '../../lib/certificates.ts';
import type { KeyedCertificate } from '../../lib/certificates.ts';
import type { Clock } from '../../lib/clock.ts';
import { inspectCertificate } from '../../lib/inspect-certificate.ts';
import type { JoinRequest, JoinResponse } from '../../rpc/agent-protocol.ts';
import { agentCommonName, agentDnsName, agentsGroup } from '../../rpc/identities.ts';

export interface JoinOptions {
  readonly authority: KeyedCertificate;
  readonly joinToken: string;
  readonly clock: Clock;
  /** Renewed after two thirds of it. */
  readonly certificateLifetimeMs: number;
  /** A token must not take over the name of an agent that is there. */
  readonly isConnected: (nodeName: string) => boolean;
}

export type Join = (request: JoinRequest, renewing: string | undefined) => Promise<JoinResponse>;

/** Clocks of machines differ: certificates begin this long ago. */
export const clockSkewMs = 300_000;

/** Rejects with Unauthorized for a wrong token, Forbidden for another's name, Conflict for a name in use. */
export function createJoin(options: JoinOptions): Join {
  return async (request, renewing) => {
    authorize(options, request, renewing);
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

function authorize(options: JoinOptions, request: JoinRequest, renewing: string | undefined): void {
  const name = request.node_name;
  if (!subdomain.test(name) || name.length > longestNodeName) {
    const rule = `lower-case letters, digits, '-' and '.', at most ${longestNodeName} characters`;
    throw new StatusError('BadRequest', `node name "${name}" is not valid: it must consist of ${rule}`);
  }
  if (renewing !== undefined) {
    if (renewing === name) return;
    throw new StatusError('Forbidden', `the certificate belongs to node ${renewing}; it cannot join as ${name}`);
  }
  if (!isSameText(request.token, options.joinToken)) {
    throw new StatusError(
      'Unauthorized',
      'the join token is wrong: ask the server for its token and start again with it',
    );
  }
  if (options.isConnected(name)) {
    throw new StatusError('Conflict', `an agent is connected as node ${name}: give this one another name`);
  }
}

/** In constant time, whatever the lengths. */
function isSameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
