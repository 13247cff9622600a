// Who is asking: bearer tokens here, client certificates in the adapter that sees the connection.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { UserInfo } from '../api/request.ts';
import { StatusError } from '../api/status-error.ts';
import type { Authenticator } from './dependencies.ts';

export interface TokenUser {
  readonly token: string;
  readonly user: UserInfo;
}

const everybody = 'system:authenticated';

/**
 * Knows these tokens. Compares hashes in constant time, all of them, so that the time taken tells nothing. Throws
 * Unauthorized for a credential it does not know; `undefined` when there is none.
 */
export function createTokenAuthenticator(users: readonly TokenUser[]): Authenticator {
  const known = users.map(({ token, user }) => ({ hash: hashOf(token), user: withEverybody(user) }));
  return (request) => {
    const header = request.headers['authorization'];
    if (header === undefined) return undefined;
    const token = /^bearer\s+(\S+)\s*$/i.exec(header)?.[1] ?? '';
    const hash = hashOf(token);
    const matching = known.filter((candidate) => timingSafeEqual(candidate.hash, hash));
    const user = matching[0]?.user;
    if (user === undefined) throw new StatusError('Unauthorized', 'Unauthorized');
    return user;
  };
}

/** The user that a verified client certificate names: CN is the name, each O a group. */
export function userOfSubject(subject: { readonly CN?: unknown; readonly O?: unknown }): UserInfo | undefined {
  const username = Array.isArray(subject.CN) ? String(subject.CN[0]) : subject.CN;
  if (typeof username !== 'string' || username === '') return undefined;
  const groups = (Array.isArray(subject.O) ? subject.O : [subject.O]).filter((group) => typeof group === 'string');
  return withEverybody({ username, groups });
}

function withEverybody(user: UserInfo): UserInfo {
  return user.groups.includes(everybody) ? user : { ...user, groups: [...user.groups, everybody] };
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
