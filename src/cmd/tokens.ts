// Join tokens: made by the leader, kept as Secrets where agents are let in, and, for servers, beside the sealed identity.
import type { TokenCreated, TokenRequest } from '../api/cluster-facts.ts';
import { StatusError } from '../api/status-error.ts';
import type { Secret } from '../api/types.gen.ts';
import type { Client } from '../client/client.ts';
import type { Clock } from '../lib/clock.ts';
import { createToken, type TokenRecord, type TokenWish } from '../lib/join-token.ts';

export type MadeToken = ReturnType<typeof createToken>;

/** Makes a token that lets servers in, where there can be several: see identity/server-keys.ts. */
export type MakeServerToken = (wish: TokenWish) => Promise<MadeToken>;

export interface TokenMakerOptions {
  readonly client: Client;
  /** Certificate of the cluster's authority, PEM. */
  readonly authority: string;
  /** Undefined: this cluster has one server, which keeps its journal itself. */
  readonly makeServerToken: MakeServerToken | undefined;
  readonly clock: Clock;
}

export function createTokenMaker(options: TokenMakerOptions): (request: TokenRequest) => Promise<TokenCreated> {
  return async (request) => {
    const { token, record } = await make(options, request);
    if (record.role !== 'server') await options.client.create(secrets, secretOf(record));
    return { token, expires: record.expires };
  };
}

async function make(options: TokenMakerOptions, request: TokenRequest): Promise<MadeToken> {
  if (options.makeServerToken) return options.makeServerToken(request);
  if (request.role === 'server') {
    throw new StatusError(
      'BadRequest',
      'this cluster keeps its journal in the home of its one server, and no other server can join it: start a cluster with tepui server --zk',
    );
  }
  return createToken(options.authority, request, options.clock.now());
}

const secrets = { group: '', version: 'v1', plural: 'secrets' };

/** As `admitBySecrets` reads it. The secret itself is not kept. */
function secretOf({ id, role, verifier, expires }: TokenRecord): Secret {
  const hash = Buffer.from(verifier, 'base64url').toString('hex');
  const data = Object.entries({ role, hash, ...(expires === undefined ? {} : { expires }) });
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { namespace: 'kube-system', name: `bootstrap-token-${id}` },
    type: 'tepui.dev/join-token',
    data: Object.fromEntries(data.map(([name, text]) => [name, Buffer.from(text).toString('base64')])),
  };
}
