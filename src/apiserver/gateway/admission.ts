// Who may join with which token: one fixed token, as `tepui dev` has it, or the join tokens kept as Secrets.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../../api/types.gen.ts';
import type { Clock } from '../../lib/clock.ts';
import type { ObjectSource } from './object-source.ts';

/** `admitted`, or why not, fit for whoever started the agent. */
export type Admit = (token: string) => Promise<string>;

const remedy = 'make a new one with "tepui token create --role agent" and start again with it';

/** One token for everybody, for ever. */
export function admitByToken(expected: string): Admit {
  return (token) =>
    Promise.resolve(
      isSame(digest(token), digest(expected))
        ? 'admitted'
        : 'the join token is wrong: ask the server for its token and start again with it',
    );
}

const namespace = 'kube-system';
const secretType = 'tepui.dev/join-token';

/**
 * Tokens as `tepui token create` writes them: `tepui.ID.SECRET.FINGERPRINT`, with a Secret `bootstrap-token-ID` in
 * kube-system of type tepui.dev/join-token that holds the token's role (`agent`, `server` or `any`), the hash of its
 * secret part (hexadecimal SHA-256) and, if it ends, when it expires (RFC 3339).
 */
export function admitBySecrets(secrets: Pick<ObjectSource<Secret>, 'get' | 'synced'>, clock: Clock): Admit {
  return async (token) => {
    await secrets.synced;
    const [prefix, id = '', secret = '', ...rest] = token.split('.');
    if (prefix !== 'tepui' || id === '' || secret === '' || rest.length !== 1) {
      return `the join token is not one: expected tepui.ID.SECRET.FINGERPRINT; ${remedy}`;
    }
    const found = secrets.get(namespace, `bootstrap-token-${id}`);
    if (found?.type !== secretType) return `the join token is unknown to this cluster, or was deleted: ${remedy}`;
    const { role, hash, expires } = textsOf(found);
    if (!isSame(digest(secret), Buffer.from(hash ?? '', 'hex'))) return `the join token is wrong: ${remedy}`;
    if (expires !== undefined && !(Date.parse(expires) > clock.now())) {
      return `the join token expired at ${expires}: ${remedy}`;
    }
    if (role !== 'agent' && role !== 'any') return `the join token lets in servers only, not agents: ${remedy}`;
    return 'admitted';
  };
}

function textsOf({ data }: Secret): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    Object.entries(data ?? {}).map(([name, value]) => [name, Buffer.from(value, 'base64').toString('utf8')]),
  );
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** In constant time. */
const isSame = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);
