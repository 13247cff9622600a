// `tepui token`: makes, lists and deletes the tokens with which agents and servers join.
import type { TokenCreated, TokenRequest } from '../api/cluster-facts.ts';
import { StatusError } from '../api/status-error.ts';
import type { Secret } from '../api/types.gen.ts';
import { formatAge } from './duration.ts';
import type { Session } from './session.ts';
import { alignColumns } from './table.ts';

export interface TokenOptions {
  readonly role: TokenRequest['role'];
  /** Seconds; 0: for ever. */
  readonly ttl: number;
}

const secrets = { group: '', version: 'v1', plural: 'secrets' };
const namespace = 'kube-system';
const secretType = 'tepui.dev/join-token';
const namePrefix = 'bootstrap-token-';

/** The token alone goes to standard output, so that a script can take it. */
export async function createToken(session: Session, { role, ttl }: TokenOptions): Promise<number> {
  const body = JSON.stringify({ role, ttlSeconds: ttl } satisfies TokenRequest);
  const { token, expires } = await session.json<TokenCreated>({ method: 'POST', path: '/tepui/v1/tokens', body });
  session.print(token);
  session.complain(`It lets ${bearers[role]} in ${expires === undefined ? 'for ever' : `until ${expires}`}:`);
  if (role !== 'server')
    session.complain('  tepui agent --server HOST:PORT --token TOKEN   (HOST:PORT: the API of any server)');
  if (role !== 'agent') session.complain('  tepui server --zk URL --token TOKEN');
  return 0;
}

const bearers = { agent: 'agents', server: 'servers', any: 'agents and servers' } as const;

export async function listTokens(session: Session): Promise<number> {
  const { items } = await session.client.list<Secret>(secrets, { namespace });
  const tokens = items.filter(({ type, metadata }) => type === secretType && metadata.name?.startsWith(namePrefix));
  if (tokens.length === 0) session.complain('There are no tokens; tepui token create makes one.');
  else
    session.print(alignColumns([['ID', 'ROLE', 'EXPIRES', 'AGE'], ...tokens.map((token) => rowOf(token, Date.now()))]));
  return 0;
}

function rowOf({ metadata, data = {} }: Secret, nowMs: number): string[] {
  const text = (name: string) => Buffer.from(data[name] ?? '', 'base64').toString('utf8');
  const expires = text('expires');
  const isOver = Date.parse(expires) <= nowMs;
  return [
    (metadata.name ?? '').slice(namePrefix.length),
    text('role'),
    expires === '' ? 'never' : `${expires}${isOver ? ' (expired)' : ''}`,
    formatAge(nowMs - Date.parse(metadata.creationTimestamp ?? '')),
  ];
}

/** Goes on after an absent one. Resolves with the number of those. */
export async function deleteTokens(session: Session, ids: readonly string[]): Promise<number> {
  let missing = 0;
  for (const id of ids.map(idOf)) {
    try {
      await session.client.delete({ ...secrets, namespace, name: `${namePrefix}${id}` });
      session.print(`token ${id} deleted`);
    } catch (error) {
      if (!(error instanceof StatusError) || error.reason !== 'NotFound') throw error;
      session.complain(`error: there is no token ${id}; tepui token list shows all`);
      missing++;
    }
  }
  return missing;
}

/** `tepui.ID.SECRET.FINGERPRINT`, `bootstrap-token-ID` or the id itself. Never echoes a secret. */
function idOf(text: string): string {
  const [first, second] = text.split('.');
  if (first === 'tepui' && second !== undefined) return second;
  return text.startsWith(namePrefix) ? text.slice(namePrefix.length) : text;
}
