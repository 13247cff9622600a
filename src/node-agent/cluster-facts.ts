// Asks any server's API where the agent gateways are and who the cluster's authority is: the first contact of an agent.
import { request } from 'node:https';
import type { ClusterFacts } from '../api/cluster-facts.ts';
import { StatusError } from '../api/status-error.ts';
import { errorText } from '../lib/error-text.ts';

const answerMs = 5_000;
const largestAnswerBytes = 1024 * 1024;

/**
 * Believes nobody: compare the fingerprint of the authority with one that you trust before you use it. The gateways may
 * be used as they are, since each of them has to prove who it is. Rejects with ServiceUnavailable.
 * @param server `HOST:PORT` of an API
 */
export function fetchClusterFacts(server: string, signal: AbortSignal): Promise<ClusterFacts> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => reject(unreachable(server, error));
    const asking = request({ ...whereIs(server), signal }, (answer) => {
      const chunks: Buffer[] = [];
      let size = 0;
      answer.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size > largestAnswerBytes) asking.destroy(new Error('the answer is too long'));
      });
      answer.on('error', fail);
      answer.on('end', () => {
        try {
          resolve(readFacts(answer.statusCode ?? 0, Buffer.concat(chunks).toString('utf8')));
        } catch (error) {
          fail(error);
        }
      });
    });
    asking.on('timeout', () => asking.destroy(new Error(`no answer for ${answerMs / 1000} s`)));
    asking.on('error', fail);
    asking.end();
  });
}

function whereIs(server: string) {
  const { hostname, port } = new URL(`https://${server}`);
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    // URL leaves https' own port out.
    port: port === '' ? 443 : port,
    path: '/tepui/v1/cluster',
    headers: { accept: 'application/json' },
    rejectUnauthorized: false,
    agent: false,
    timeout: answerMs,
  } as const;
}

function readFacts(status: number, body: string): ClusterFacts {
  if (status !== 200) throw new Error(`it answers ${status} to /tepui/v1/cluster`);
  const facts = JSON.parse(body) as Partial<ClusterFacts>;
  const { clusterId, authority, gateways } = facts;
  if (typeof clusterId !== 'string' || typeof authority !== 'string' || !Array.isArray(gateways)) {
    throw new Error('it answers something else than the facts of a cluster');
  }
  return { clusterId, authority, gateways: gateways.map(String) };
}

function unreachable(server: string, error: unknown): StatusError {
  const advice = 'is a tepui server running there, and is this the port of its API?';
  const message = `server ${server} cannot be asked for its cluster (${errorText(error)}): ${advice}`;
  return new StatusError('ServiceUnavailable', message, undefined, { cause: error });
}
