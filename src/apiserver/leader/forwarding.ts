// What one server tells another about a request that it hands on: who asks, and that it was handed on already.
// User and groups travel as in Kubernetes' authenticating proxy, believed only of a peer whose certificate names a server.
import type { ApiRequest, ApiResponse, UserInfo } from '../../api/request.ts';

/** O in the certificates with which servers dial each other. */
export const serversGroup = 'system:servers';

/** The id of the server that handed a request on. Never handed on twice. */
export const forwardedHeader = 'tepui-forwarded-by';
/** In an answer to a server: nothing was done, because the receiver does not lead. */
export const notLeadingHeader = 'tepui-not-leading';

const userHeader = 'x-remote-user';
const uidHeader = 'x-remote-uid';
/** Group names with escapes, so that none holds a comma; separated by commas. */
const groupHeader = 'x-remote-group';

/** What belongs to one connection (RFC 9110, 7.6.1), and what each connection says anew. */
const perConnection: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const isPrivate = (name: string): boolean => name.startsWith('x-remote-') || name === forwardedHeader;

export interface Received {
  /** As its sender meant it, with the headers between servers taken away. */
  readonly request: ApiRequest;
  /** It came from another server. */
  readonly wasForwarded: boolean;
}

/** @param request as the adapter made it: `user` is who the peer's certificate names */
export function receive(request: ApiRequest): Received {
  const { user, ...rest } = request;
  const wasForwarded = request.headers[forwardedHeader] !== undefined && isServer(user);
  const asker = wasForwarded ? readUser(request.headers) : user;
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !isPrivate(name)));
  return { request: { ...rest, headers, ...(asker === undefined ? {} : { user: asker }) }, wasForwarded };
}

function isServer(user: UserInfo | undefined): boolean {
  return user?.groups.includes(serversGroup) ?? false;
}

/** The request as another server gets it. The Authorization header goes along as it is. */
export function handOn(request: ApiRequest, serverId: string): ApiRequest {
  const { user, ...rest } = request;
  const headers = { ...withoutHops(request.headers), ...userHeaders(user), [forwardedHeader]: serverId };
  return { ...rest, headers };
}

/** Headers without those that belong to the connection they came by. */
export function withoutHops<T extends string | readonly string[] | undefined>(
  headers: Readonly<Record<string, T>>,
): Record<string, T> {
  const named = new Set(
    textOf(headers['connection'])
      .toLowerCase()
      .split(/\s*,\s*/),
  );
  const isKept = ([name]: [string, T]) => !perConnection.has(name) && !named.has(name);
  return Object.fromEntries(Object.entries(headers).filter(isKept));
}

/** The answer as the client gets it. Its length stays: it tells a whole body from a broken one. */
export function answerHeaders(headers: ApiResponse['headers']): ApiResponse['headers'] {
  const length = headers['content-length'];
  return { ...withoutHops(headers), ...(length === undefined ? {} : { 'content-length': length }) };
}

function textOf(value: string | readonly string[] | undefined): string {
  return typeof value === 'string' ? value : (value ?? []).join(',');
}

function userHeaders(user: UserInfo | undefined): Record<string, string> {
  if (user === undefined) return {};
  return {
    [userHeader]: encodeURIComponent(user.username),
    [groupHeader]: user.groups.map(encodeURIComponent).join(','),
    ...(user.uid === undefined ? {} : { [uidHeader]: encodeURIComponent(user.uid) }),
  };
}

function readUser(headers: ApiRequest['headers']): UserInfo | undefined {
  const username = headers[userHeader];
  if (username === undefined) return undefined;
  const groups = (headers[groupHeader] ?? '').split(',').map((group) => decodeURIComponent(group.trim()));
  const uid = headers[uidHeader];
  return {
    username: decodeURIComponent(username),
    groups: groups.filter((group) => group !== ''),
    ...(uid === undefined ? {} : { uid: decodeURIComponent(uid) }),
  };
}
