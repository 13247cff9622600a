// `/tepui/v1/tokens`: makes, lists and removes join tokens. Administrators only; see cluster-routes.ts.
import type { TokenCreated, TokenFacts, TokenList, TokenRequest } from '../../api/cluster-facts.ts';
import type { ApiRequest, ApiResponse } from '../../api/request.ts';
import { StatusError } from '../../api/status-error.ts';
import { respondJson } from '../respond.ts';
import { readTokenRequest } from './token-request.ts';

/** Expired ones are forgotten whenever tokens are made or listed. All reject with StatusError. */
export interface Tokens {
  /** Makes a token that this and every other server accepts. */
  create(request: TokenRequest, signal: AbortSignal): Promise<TokenCreated>;
  list(signal: AbortSignal): Promise<readonly TokenFacts[]>;
  /** From now on it lets nobody in. Resolves with what there was; undefined: nothing. */
  remove(id: string, signal: AbortSignal): Promise<TokenFacts | undefined>;
}

export const tokensPath = '/tepui/v1/tokens';

export async function serveCreate(tokens: Tokens, request: ApiRequest): Promise<ApiResponse> {
  return respondJson(201, await tokens.create(readTokenRequest(request), request.signal));
}

export async function serveList(tokens: Tokens, { signal }: ApiRequest): Promise<ApiResponse> {
  return respondJson(200, { items: await tokens.list(signal) } satisfies TokenList);
}

/** Throws NotFound. */
export async function serveRemove(tokens: Tokens, { path, signal }: ApiRequest): Promise<ApiResponse> {
  const id = path.slice(tokensPath.length + 1);
  const removed = await tokens.remove(id, signal);
  if (!removed) throw new StatusError('NotFound', `there is no token ${id}: tepui token list shows all that there are`);
  return respondJson(200, removed);
}
