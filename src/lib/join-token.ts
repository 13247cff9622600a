// Join tokens: what lets an agent or a server into a cluster, once. `tepui.ID.SECRET.FINGERPRINT`.
//
// The fingerprint names the cluster's authority, so that whoever joins knows whom to believe before it says the secret.
import { createHash, randomBytes, timingSafeEqual, X509Certificate } from 'node:crypto';
import { formatRfc3339 } from './rfc3339.ts';

export const tokenRoles = ['agent', 'server', 'any'] as const;
/** Whom a token lets in; `any`: both. */
export type TokenRole = (typeof tokenRoles)[number];

export interface JoinToken {
  /** Public: `ROLE-` and hexadecimal digits; may be part of an object's name. */
  readonly id: string;
  /** What the id says; what counts is the record. */
  readonly role: TokenRole;
  /** 256 bits, base64url. */
  readonly secret: string;
  /** As `authorityFingerprint`. */
  readonly fingerprint: string;
}

/** What a cluster keeps of a token: enough to recognise it, too little to make it. */
export interface TokenRecord {
  readonly id: string;
  readonly role: TokenRole;
  /** SHA-256 of the secret, base64url. The secret is random, so nothing slower is needed. */
  readonly verifier: string;
  /** RFC 3339; undefined: for ever. */
  readonly expires: string | undefined;
}

export interface TokenWish {
  readonly role: TokenRole;
  /** 0: for ever. */
  readonly ttlSeconds: number;
}

/** A token that does not let in whoever shows it; the message says why and what to do. */
export class TokenRefused extends Error {
  readonly problem: 'malformed' | 'wrong' | 'expired' | 'role' | 'cluster';

  constructor(problem: TokenRefused['problem'], message: string) {
    super(message);
    this.name = 'TokenRefused';
    this.problem = problem;
  }
}

const prefix = 'tepui';
const idPattern = /^(agent|server|any)-[0-9a-f]{12}$/;
/** 32 bytes in base64url. */
const digestPattern = /^[A-Za-z0-9_-]{43}$/;
const anotherToken = 'ask a server of the cluster for another: tepui token create';

/** SHA-256 of a certificate (DER), base64url. @param certificate PEM or DER */
export function authorityFingerprint(certificate: string | Uint8Array): string {
  return createHash('sha256').update(new X509Certificate(certificate).raw).digest('base64url');
}

/** Makes a token for the cluster of that authority (PEM), and what has to be kept of it. */
export function createToken(
  authority: string,
  { role, ttlSeconds }: TokenWish,
  nowMs: number,
): { readonly token: string; readonly record: TokenRecord } {
  const id = `${role}-${randomBytes(6).toString('hex')}`;
  const secret = randomBytes(32).toString('base64url');
  const expires = ttlSeconds === 0 ? undefined : formatRfc3339(nowMs + ttlSeconds * 1000);
  return {
    token: [prefix, id, secret, authorityFingerprint(authority)].join('.'),
    record: { id, role, verifier: verifierOf(secret), expires },
  };
}

/** @throws TokenRefused when the text is no token; the message does not repeat it */
export function parseToken(text: string): JoinToken {
  const parts = text.trim().split('.');
  const [first, id, secret, fingerprint] = parts;
  const expected = 'a join token reads tepui.ID.SECRET.FINGERPRINT';
  if (first !== prefix || id === undefined || secret === undefined || fingerprint === undefined || parts.length !== 4) {
    const found = parts.length === 1 ? 'a text without dots' : `${String(parts.length)} parts between dots`;
    throw new TokenRefused('malformed', `${expected}; found ${found}: was all of it copied?`);
  }
  const role = roleOf(id);
  if (role === undefined) throw new TokenRefused('malformed', `${expected}; its second part is no token's id`);
  for (const [name, part] of Object.entries({ secret, fingerprint })) {
    if (digestPattern.test(part)) continue;
    const found = `its ${name} has ${String(part.length)} characters or others than letters, digits, "-" and "_"`;
    throw new TokenRefused(
      'malformed',
      `${expected}, with 43 characters for the ${name}; ${found}: was all of it copied?`,
    );
  }
  return { id, role, secret, fingerprint };
}

/** What a token's id says; undefined for what is no id. */
export const roleOf = (id: string): TokenRole | undefined =>
  tokenRoles.find((role) => idPattern.test(id) && id.startsWith(`${role}-`));

/** @throws TokenRefused when the token is of another cluster than that of the authority (PEM) */
export function checkCluster(token: JoinToken, authority: string): void {
  const fingerprint = authorityFingerprint(authority);
  if (isSame(fingerprint, token.fingerprint)) return;
  throw new TokenRefused(
    'cluster',
    `the join token is of another cluster: its authority has the fingerprint ${token.fingerprint}, ` +
      `the one here ${fingerprint}. Check the address, or ${anotherToken}`,
  );
}

/**
 * @param record what was kept under the token's id; undefined: nothing
 * @param asked as what its bearer wants to join
 * @throws TokenRefused when it does not let its bearer in
 */
export function verifyToken(
  record: TokenRecord | undefined,
  token: JoinToken,
  asked: 'agent' | 'server',
  nowMs: number,
): void {
  if (record?.id !== token.id || !isSame(record.verifier, verifierOf(token.secret))) throw wrongToken();
  checkUse(record, asked, nowMs);
}

/** Whether the time and role of a record let somebody in. @throws TokenRefused when not */
export function checkUse(
  { role, expires }: Pick<TokenRecord, 'role' | 'expires'>,
  asked: 'agent' | 'server',
  nowMs: number,
): void {
  if (role !== 'any' && role !== asked) throw wrongRole(role, asked);
  if (isExpired(expires, nowMs)) {
    throw new TokenRefused('expired', `the join token expired at ${expires ?? ''}: ${anotherToken} --role ${asked}`);
  }
}

/** @param expires RFC 3339; undefined: never */
export function isExpired(expires: string | undefined, nowMs: number): boolean {
  return expires !== undefined && Date.parse(expires) <= nowMs;
}

export function wrongRole(role: TokenRole, asked: 'agent' | 'server'): TokenRefused {
  const fit = `tepui token create --role ${asked}`;
  return new TokenRefused(
    'role',
    `the join token is for ${role}s only, and this is ${article[asked]}: make one with ${fit}`,
  );
}

const article = { agent: 'an agent', server: 'a server' } as const;

export function wrongToken(): TokenRefused {
  const why = 'it is mistyped, was removed, or expired long ago';
  return new TokenRefused('wrong', `the join token is not one of this cluster's: ${why}; ${anotherToken}`);
}

const verifierOf = (secret: string) => createHash('sha256').update(secret).digest('base64url');

/** In constant time, whatever the lengths. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
