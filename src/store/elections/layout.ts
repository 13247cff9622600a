// Paths and documents of the election, below the path of the connection string.
import type { Leader, Member, ServerFacts } from '../election.ts';

export const electionPath = '/election';
export const candidatePrefix = `${electionPath}/candidate-`;
export const leaderPath = '/leader';
export const serversPath = '/servers';
/** Directly below the root, where Mesos' detectors look for it. */
export const masterInfoPrefix = '/json.info_';

export const memberPath = (id: string) => `${serversPath}/${id}`;

/** The candidate that is next before `own` in the line: `undefined` when own is the first. Names without their path. */
export function predecessor(names: readonly string[], own: string): string | undefined {
  return candidates(names)
    .filter((name) => name < own)
    .at(-1);
}

/** In the order of the line. */
export function candidates(names: readonly string[]): string[] {
  return names.filter((name) => /^candidate-\d{10}$/.test(name)).sort();
}

export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

export const encodeDocument = (document: unknown): Uint8Array => Buffer.from(JSON.stringify(document));

/** Undefined for what no version of this program has written. */
export function decodeLeader(data: Uint8Array): Leader | undefined {
  const document = decode(data);
  const server = isRecord(document?.['server']) ? document['server'] : undefined;
  const epoch = document?.['epoch'];
  return typeof epoch === 'number' && server && isFacts(server) ? { epoch, server: factsOf(server) } : undefined;
}

/** Undefined for what no version of this program has written. */
export function decodeMember(data: Uint8Array): Member | undefined {
  const document = decode(data);
  if (!document || !isFacts(document)) return undefined;
  const { sequence, revision } = document;
  return { ...factsOf(document), sequence: Number(sequence ?? 0), revision: Number(revision ?? 0) };
}

type Document = Record<string, unknown>;

const isRecord = (value: unknown): value is Document => typeof value === 'object' && value !== null;

const factNames = ['id', 'api', 'gateway', 'mesos', 'version'] as const;

const isFacts = (document: Document): document is Document & ServerFacts =>
  factNames.every((name) => typeof document[name] === 'string');

const factsOf = ({ id, api, gateway, mesos, version }: ServerFacts): ServerFacts => ({
  ...{ id, api, gateway, mesos, version },
});

function decode(data: Uint8Array): Document | undefined {
  try {
    const document: unknown = JSON.parse(Buffer.from(data).toString('utf8'));
    return isRecord(document) ? document : undefined;
  } catch {
    return undefined;
  }
}
