// Which cluster the agent belongs to: the authority that it believes, found with a token at first and kept in its folder.
import { X509Certificate } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClusterFacts } from '../api/cluster-facts.ts';
import { StatusError } from '../api/status-error.ts';
import type { Clock } from '../lib/clock.ts';
import { errorText } from '../lib/error-text.ts';
import { checkCluster, parseToken, TokenRefused } from '../lib/join-token.ts';
import { fetchClusterFacts } from './cluster-facts.ts';
import { race } from './race.ts';

export interface EnrolmentOptions {
  readonly directory: string;
  /** `HOST:PORT` of servers' APIs. */
  readonly servers: readonly string[];
  /** Needed until the authority is known. */
  readonly token: string | undefined;
  readonly clock: Clock;
  readonly random: () => number;
  /** Called for each try that failed, with the reason. */
  readonly onTrouble: (problem: string) => void;
}

export interface Enrolment {
  /** PEM. */
  readonly authority: string;
  /** `HOST:PORT`; empty when nobody had to be asked. */
  readonly gateways: readonly string[];
}

/**
 * Tries all servers until one answers, for as long as it takes; at later starts nobody is asked, so that an agent starts
 * without its servers. Undefined when the signal aborts. Rejects with Unauthorized or Forbidden when the token does not
 * fit the cluster, or is missing.
 */
export async function enrol(options: EnrolmentOptions, signal: AbortSignal): Promise<Enrolment | undefined> {
  try {
    const path = join(options.directory, 'authority.crt');
    const kept = await readKept(path);
    if (kept !== undefined) {
      if (options.token !== undefined) checkKept(options, kept);
      return { authority: kept, gateways: [] };
    }
    const facts = await askServers(options, signal);
    if (!facts) return undefined;
    await mkdir(options.directory, { recursive: true, mode: 0o700 });
    await writeFile(`${path}.new`, facts.authority, { mode: 0o600 });
    await rename(`${path}.new`, path);
    return { authority: facts.authority, gateways: facts.gateways };
  } catch (error) {
    if (error instanceof TokenRefused) throw new StatusError('Unauthorized', error.message);
    throw error;
  }
}

/** Gateways, from whichever server answers first. Rejects when none does. */
export async function discoverGateways(servers: readonly string[], signal: AbortSignal): Promise<readonly string[]> {
  const facts = await Promise.any(servers.map((server) => fetchClusterFacts(server, signal)));
  return facts.gateways;
}

async function askServers(options: EnrolmentOptions, signal: AbortSignal): Promise<ClusterFacts | undefined> {
  const { servers, token, clock, random, onTrouble } = options;
  if (token === undefined) {
    const advice = 'give it one with --token, made by "tepui token create --role agent" at a server';
    throw new StatusError('Unauthorized', `this agent has not joined a cluster yet and has no join token: ${advice}`);
  }
  const parsed = parseToken(token);
  return race(
    {
      addresses: () => servers,
      onAddresses: () => () => undefined,
      attempt: fetchClusterFacts,
      take: ({ authority }) => checkCluster(parsed, authority),
      isHopeless(error) {
        if (error instanceof TokenRefused) return true;
        onTrouble(errorText(error));
        return false;
      },
      ...{ clock, random },
    },
    signal,
  );
}

function checkKept({ token = '', directory }: EnrolmentOptions, authority: string): void {
  try {
    checkCluster(parseToken(token), authority);
  } catch (error) {
    if (!(error instanceof TokenRefused) || error.problem !== 'cluster') throw error;
    const advice = 'start it with another --home, or without --token to stay in that cluster';
    throw new StatusError('Forbidden', `${directory} belongs to an agent of another cluster than the token: ${advice}`);
  }
}

/** Undefined without a certificate that can be read. */
async function readKept(path: string): Promise<string | undefined> {
  try {
    return new X509Certificate(await readFile(path, 'utf8')).toString();
  } catch {
    return undefined;
  }
}
