// Connection strings: `zk://user:password@host1:2181,host2:2181/path`, as Mesos writes them.

export interface ZookeeperAddress {
  /** At least one. IPv6 hosts without their brackets. */
  readonly servers: readonly ServerAddress[];
  /** `/tepui`; never empty, no slash at the end. */
  readonly path: string;
  /** Digest authentication; then everything is created for `creator` alone. */
  readonly credentials: Credentials | undefined;
}

export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

const scheme = 'zk://';
const defaultPort = 2181;
const defaultPath = '/tepui';
const expected = 'expected zk://[USER:PASSWORD@]HOST[:PORT][,HOST[:PORT]…][/PATH]';

/** The text is not a connection string. The message shows no password. */
export class InvalidZookeeperUrl extends Error {
  constructor(found: string) {
    super(`not a ZooKeeper connection string: ${expected}, found ${found}`);
    this.name = 'InvalidZookeeperUrl';
  }
}

/**
 * Port 2181 and path /tepui unless given. Everything in user and password that is special (`:@/,%`) is percent-encoded.
 * Throws InvalidZookeeperUrl.
 */
export function parseZookeeperUrl(text: string): ZookeeperAddress {
  if (!text.startsWith(scheme)) throw new InvalidZookeeperUrl(`"${withoutCredentials(text)}", which does not begin so`);
  const rest = text.slice(scheme.length);
  const slash = rest.indexOf('/');
  const authority = slash === -1 ? rest : rest.slice(0, slash);
  const at = authority.lastIndexOf('@');
  return {
    servers: authority
      .slice(at + 1)
      .split(',')
      .map(parseServer),
    path: slash === -1 ? defaultPath : parsePath(rest.slice(slash)),
    credentials: at === -1 ? undefined : parseCredentials(authority.slice(0, at)),
  };
}

/** The connection string without credentials, for messages. */
export function describeZookeeper(address: ZookeeperAddress): string {
  return `${scheme}${address.servers.map(describeServer).join(',')}${address.path}`;
}

/** `HOST:PORT`, IPv6 in brackets. */
export function describeServer({ host, port }: ServerAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function withoutCredentials(text: string): string {
  return text.slice(text.lastIndexOf('@') + 1);
}

function parseServer(text: string): ServerAddress {
  const match = /^(\[[0-9a-fA-F:.%]+\]|[^\s[\]:/@,]+)(?::(\d+))?$/.exec(text);
  if (!match) throw new InvalidZookeeperUrl(text === '' ? 'an empty host' : `"${text}" as a server${hintAt(text)}`);
  const [, written = '', digits] = match;
  const host = written.replace(/^\[|\]$/g, '');
  const port = digits === undefined ? defaultPort : Number(digits);
  if (port < 1 || port > 65_535) throw new InvalidZookeeperUrl(`port ${port} of ${host} (1 to 65535 is possible)`);
  return { host, port };
}

function hintAt(text: string): string {
  return text.split(':').length > 2 ? ' (an IPv6 address goes in brackets)' : '';
}

function parsePath(text: string): string {
  const path = text.replace(/\/+$/, '');
  if (path === '') return defaultPath;
  const bad = invalidPath(path);
  if (bad !== undefined) throw new InvalidZookeeperUrl(`path "${path}": ${bad}`);
  return path;
}

/** Why ZooKeeper would refuse a path, or undefined. */
export function invalidPath(path: string): string | undefined {
  if (path === '/') return undefined;
  if (!path.startsWith('/')) return 'it does not begin with /';
  for (const name of path.slice(1).split('/')) {
    if (name === '') return 'a name in it is empty';
    if (name === '.' || name === '..') return `"${name}" is no name`;
    // ZooKeeper's own list, from PathUtils.
    // eslint-disable-next-line no-control-regex
    if (/[\u0000-\u001f\u007f-\u009f\ud800-\uf8ff\ufff0-\uffff]/.test(name)) return 'a name has a forbidden character';
  }
  return undefined;
}

function parseCredentials(text: string): Credentials {
  const colon = text.indexOf(':');
  if (colon < 1) throw new InvalidZookeeperUrl('something before "@" that is not USER:PASSWORD');
  try {
    const user = decodeURIComponent(text.slice(0, colon));
    // The ensemble splits at the first colon.
    if (user.includes(':')) throw new InvalidZookeeperUrl('a user name with a colon in it');
    return { user, password: decodeURIComponent(text.slice(colon + 1)) };
  } catch (error) {
    if (error instanceof InvalidZookeeperUrl) throw error;
    throw new InvalidZookeeperUrl('a "%" before "@" that is not followed by two hexadecimal digits');
  }
}
