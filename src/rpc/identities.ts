// Names in certificates: who may be whom on the wire between server and agent.

/** CN of the certificate with which servers serve and dial. */
export const serverCommonName = 'system:tepui:server';

/** DNS name in a server's certificate. Agents check this one, so that servers may change their addresses. */
export const serverDnsName = 'server.tepui.internal';

/** CN of an agent's certificate: `system:node:NAME`, as Kubernetes names its nodes' users. */
export const agentCommonName = (nodeName: string): string => `system:node:${nodeName}`;

/** Group of all agents. */
export const agentsGroup = 'system:nodes';

/** DNS name in an agent's certificate; no node name can make it the server's. */
export const agentDnsName = (nodeName: string): string => `${nodeName}.node.tepui.internal`;

/** The node that a common name speaks for, if it is an agent's. */
export function nodeOfCommonName(commonName: string): string | undefined {
  return commonName.startsWith('system:node:') ? commonName.slice('system:node:'.length) : undefined;
}
