// `tepui token`: makes, lists and deletes the tokens with which agents and servers join.
import type { TokenCreated, TokenFacts, TokenList, TokenRequest } from '../api/cluster-facts.ts';
import { StatusError } from '../api/status-error.ts';
import type { Session } from './session.ts';
import { alignColumns } from './table.ts';

export interface TokenOptions {
  readonly role: TokenRequest['role'];
  /** Seconds; 0: for ever. */
  readonly ttl: number;
}

const tokensPath = '/tepui/v1/tokens';
/** Of the Secrets that agents' tokens are kept in: who found one there may say its name. */
const namePrefix = 'bootstrap-token-';

/** The token alone goes to standard output, so that a script can take it. */
export async function createToken(session: Session, { role, ttl }: TokenOptions): Promise<number> {
  const body = JSON.stringify({ role, ttlSeconds: ttl } satisfies TokenRequest);
  const { token, expires } = await session.json<TokenCreated>({ method: 'POST', path: tokensPath, body });
  session.print(token);
  session.complain(`It lets ${bearers[role]} in ${expires === undefined ? 'for ever' : `until ${expires}`}:`);
  if (role !== 'server')
    session.complain('  tepui agent --server HOST:PORT --token TOKEN   (HOST:PORT: the API of any server)');
  if (role !== 'agent') session.complain('  tepui server --zk URL --token TOKEN');
  return 0;
}

const bearers = { agent: 'agents', server: 'servers', any: 'agents and servers' } as const;

export async function listTokens(session: Session): Promise<number> {
  const { items } = await session.json<TokenList>({ path: tokensPath });
  if (items.length === 0) session.complain('There are no tokens; tepui token create makes one.');
  else {
    const rows = items.map(({ id, role, expires }) => [id, role, expires ?? 'never']);
    session.print(alignColumns([['ID', 'ROLE', 'EXPIRES'], ...rows]));
  }
  return 0;
}

/** Goes on after an absent one. Resolves with the number of those. */
export async function deleteTokens(session: Session, ids: readonly string[]): Promise<number> {
  let missing = 0;
  for (const id of ids.map(idOf)) {
    try {
      await session.json<TokenFacts>({ method: 'DELETE', path: `${tokensPath}/${encodeURIComponent(id)}` });
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
