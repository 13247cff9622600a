// Join tokens, on the leader: kept as Secrets, where agents are let in, and, for servers, beside the sealed identity.
import type { TokenFacts, TokenRequest } from '../api/cluster-facts.ts';
import { StatusError } from '../api/status-error.ts';
import type { Secret } from '../api/types.gen.ts';
import type { Tokens } from '../apiserver/cluster/token-routes.ts';
import type { Client } from '../client/client.ts';
import type { Clock } from '../lib/clock.ts';
import { createToken, isExpired, roleOf, type TokenRecord, type TokenWish } from '../lib/join-token.ts';

type MadeToken = ReturnType<typeof createToken>;

/** What lets servers in, where there can be several: see identity/server-keys.ts. All wait until the signal aborts. */
export interface ServerTokens {
  make(wish: TokenWish, signal: AbortSignal): Promise<MadeToken>;
  list(signal: AbortSignal): Promise<readonly TokenFacts[]>;
  /** Resolves with what there was. */
  remove(id: string, signal: AbortSignal): Promise<TokenFacts | undefined>;
  removeExpired(signal: AbortSignal): Promise<void>;
}

export interface TokensOptions {
  readonly client: Client;
  /** Certificate of the cluster's authority, PEM. */
  readonly authority: string;
  /** Undefined: this cluster has one server, which keeps its journal itself. */
  readonly serverTokens: ServerTokens | undefined;
  readonly clock: Clock;
}

export function createTokens(options: TokensOptions): Tokens {
  const { client, serverTokens } = options;
  return {
    async create(request, signal) {
      await removeExpired(options, signal);
      const { token, record } = await make(options, request, signal);
      if (record.role !== 'server') await client.create(secrets, secretOf(record));
      return { token, expires: record.expires };
    },
    async list(signal) {
      await removeExpired(options, signal);
      const all = [...((await serverTokens?.list(signal)) ?? []), ...(await listSecrets(client))];
      // A token for both has a key and a Secret.
      return [...new Map(all.map((facts) => [facts.id, facts])).values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    },
    async remove(id, signal) {
      // No other object may be meant, nor a znode elsewhere.
      if (roleOf(id) === undefined) return undefined;
      const secret = (await listSecrets(client)).find((facts) => facts.id === id);
      const key = await serverTokens?.remove(id, signal);
      if (secret) await removeSecret(client, id);
      return secret ?? key;
    },
  };
}

async function make({ serverTokens, authority, clock }: TokensOptions, request: TokenRequest, signal: AbortSignal) {
  if (serverTokens) return serverTokens.make(request, signal);
  if (request.role === 'server') {
    throw new StatusError(
      'BadRequest',
      'this cluster keeps its journal in the home of its one server, and no other server can join it: start a cluster with tepui server --zk',
    );
  }
  return createToken(authority, request, clock.now());
}

async function removeExpired({ client, serverTokens, clock }: TokensOptions, signal: AbortSignal): Promise<void> {
  await serverTokens?.removeExpired(signal);
  for (const { id, expires } of await listSecrets(client)) {
    if (isExpired(expires, clock.now())) await removeSecret(client, id);
  }
}

const namespace = 'kube-system';
const namePrefix = 'bootstrap-token-';
const secretType = 'tepui.dev/join-token';
const secrets = { group: '', version: 'v1', plural: 'secrets' };

/** As `admitBySecrets` reads it. The secret itself is not kept. */
function secretOf({ id, role, verifier, expires }: TokenRecord): Secret {
  const hash = Buffer.from(verifier, 'base64url').toString('hex');
  const data = Object.entries({ role, hash, ...(expires === undefined ? {} : { expires }) });
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { namespace, name: namePrefix + id },
    type: secretType,
    data: Object.fromEntries(data.map(([name, text]) => [name, Buffer.from(text).toString('base64')])),
  };
}

async function listSecrets(client: Client): Promise<readonly TokenFacts[]> {
  const { items } = await client.list<Secret>(secrets, { namespace });
  return items.map(factsOf).filter((facts) => facts !== undefined);
}

/** Undefined for what is no token. */
function factsOf({ type, metadata: { name = '' }, data }: Secret): TokenFacts | undefined {
  const id = name.slice(namePrefix.length);
  const role = roleOf(id);
  if (type !== secretType || !name.startsWith(namePrefix) || !role) return undefined;
  const expires = data?.['expires'];
  return { id, role, expires: expires === undefined ? undefined : Buffer.from(expires, 'base64').toString('utf8') };
}

/** It may be gone by now. */
async function removeSecret(client: Client, id: string): Promise<void> {
  try {
    await client.delete({ ...secrets, namespace, name: namePrefix + id });
  } catch (error) {
    if (StatusError.from(error).reason !== 'NotFound') throw error;
  }
}
