// Who may join with which token: one fixed token, as `tepui dev` has it, or the join tokens kept as Secrets.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../../api/types.gen.ts';
import type { Clock } from '../../lib/clock.ts';
import { parseToken, TokenRefused, tokenRoles, verifyToken } from '../../lib/join-token.ts';
import type { TokenRecord } from '../../lib/join-token.ts';
import type { ObjectSource } from './object-source.ts';

/** `admitted`, or why not, fit for whoever started the agent. */
export type Admit = (token: string) => Promise<string>;

/** One token for everybody, for ever. */
export function admitByToken(expected: string): Admit {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return (token) =>
    Promise.resolve(
      timingSafeEqual(digest(token), digest(expected))
        ? 'admitted'
        : 'the join token is wrong: ask the server for its token and start again with it',
    );
}

const namespace = 'kube-system';
const secretType = 'tepui.dev/join-token';

/**
 * Tokens of src/lib/join-token.ts, each with a Secret `bootstrap-token-ID` in kube-system of type tepui.dev/join-token:
 * `role`, `hash` (SHA-256 of the token's secret, hexadecimal) and, if it ends, `expires` (RFC 3339).
 */
export function admitBySecrets(secrets: Pick<ObjectSource<Secret>, 'get' | 'synced'>, clock: Clock): Admit {
  return async (text) => {
    await secrets.synced;
    try {
      const token = parseToken(text);
      const record = recordOf(token.id, secrets.get(namespace, `bootstrap-token-${token.id}`));
      verifyToken(record, token, 'agent', clock.now());
      return 'admitted';
    } catch (error) {
      if (error instanceof TokenRefused) return error.message;
      throw error;
    }
  };
}

/** Undefined for what is no record of a token. */
function recordOf(id: string, secret: Secret | undefined): TokenRecord | undefined {
  if (secret?.type !== secretType) return undefined;
  const text = (name: string) => {
    const value = secret.data?.[name];
    return value === undefined ? undefined : Buffer.from(value, 'base64').toString('utf8');
  };
  const role = tokenRoles.find((known) => known === text('role'));
  const verifier = Buffer.from(text('hash') ?? '', 'hex').toString('base64url');
  return role && { id, role, verifier, expires: text('expires') };
}
