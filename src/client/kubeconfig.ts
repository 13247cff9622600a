// kubeconfig files: found, merged and resolved to one server, one identity and one namespace, as kubectl does.
import { readFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { StatusError } from '../api/status-error.ts';
import type { HttpTarget } from './http-handler.ts';

export interface Connection extends HttpTarget {
  readonly context: string;
  readonly namespace: string;
}

export interface KubeconfigOptions {
  /** `--kubeconfig`: this file alone. */
  readonly file?: string;
  /** `--context`. */
  readonly context?: string;
  /** KUBECONFIG is read from here. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's home folder: `.kube/config` in it is the default. */
  readonly home: string;
}

type Fields = Readonly<Record<string, unknown>>;

interface Kubeconfig {
  readonly currentContext: string | undefined;
  readonly contexts: ReadonlyMap<string, Fields>;
  readonly clusters: ReadonlyMap<string, Fields>;
  readonly users: ReadonlyMap<string, Fields>;
}

/** Reads the files and resolves the context. Throws StatusError BadRequest that says which file lacks what. */
export function loadConnection(options: KubeconfigOptions): Connection {
  const files = kubeconfigFiles(options);
  const read = files.map((file) => readKubeconfig(file, options.file !== undefined)).filter((one) => one !== undefined);
  if (read.length === 0) {
    throw problem(
      `no kubeconfig found: looked for ${files.join(', ')}; start a cluster and export KUBECONFIG as it prints`,
    );
  }
  return resolveConnection(mergeKubeconfigs(read), options.context, files.join(', '));
}

/** In order of precedence. */
function kubeconfigFiles({ file, env, home }: KubeconfigOptions): string[] {
  if (file !== undefined) return [file];
  const listed = (env['KUBECONFIG'] ?? '').split(delimiter).filter((path) => path !== '');
  return listed.length > 0 ? listed : [join(home, '.kube', 'config')];
}

function readKubeconfig(file: string, required: boolean): Kubeconfig | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (!required && (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw problem(`cannot read kubeconfig ${file}: ${(error as Error).message}`);
  }
  return parseKubeconfig(text, file);
}

/** Relative paths in it are relative to its folder. */
function parseKubeconfig(text: string, file: string): Kubeconfig {
  let document: unknown;
  try {
    document = parse(text);
  } catch (error) {
    const [first = ''] = (error as Error).message.split('\n');
    throw problem(`kubeconfig ${file} is not valid YAML: ${first.replace(/:$/, '')}`);
  }
  if (typeof document !== 'object' || document === null) throw problem(`kubeconfig ${file} is empty`);
  const fields = document as Fields;
  const folder = dirname(resolve(file));
  const current = fields['current-context'];
  return {
    currentContext: typeof current === 'string' && current !== '' ? current : undefined,
    contexts: named(fields['contexts'], 'context', folder),
    clusters: named(fields['clusters'], 'cluster', folder),
    users: named(fields['users'], 'user', folder),
  };
}

const pathFields = ['certificate-authority', 'client-certificate', 'client-key', 'tokenFile'];

function named(list: unknown, member: string, folder: string): Map<string, Fields> {
  const found = new Map<string, Fields>();
  for (const entry of Array.isArray(list) ? (list as Fields[]) : []) {
    const fields: Record<string, unknown> = { ...(entry[member] as Fields | undefined) };
    for (const field of pathFields) {
      if (typeof fields[field] === 'string' && fields[field] !== '') fields[field] = resolve(folder, fields[field]);
    }
    if (!found.has(String(entry['name']))) found.set(String(entry['name']), fields);
  }
  return found;
}

/** The first file to name a thing decides it. */
function mergeKubeconfigs(configs: readonly Kubeconfig[]): Kubeconfig {
  const merge = (pick: (config: Kubeconfig) => ReadonlyMap<string, Fields>) =>
    new Map([...configs].reverse().flatMap((config) => [...pick(config)]));
  return {
    currentContext: configs.find((config) => config.currentContext !== undefined)?.currentContext,
    contexts: merge((config) => config.contexts),
    clusters: merge((config) => config.clusters),
    users: merge((config) => config.users),
  };
}

function resolveConnection(config: Kubeconfig, wanted: string | undefined, where: string): Connection {
  const name = wanted ?? config.currentContext;
  const known = [...config.contexts.keys()].join(', ') || 'none';
  if (name === undefined) throw problem(`no current-context in ${where}; name one with --context (known: ${known})`);
  const context = config.contexts.get(name);
  if (!context) throw problem(`context "${name}" is not in ${where}; known contexts: ${known}`);
  const referred = (kind: 'cluster' | 'user', among: ReadonlyMap<string, Fields>): Fields => {
    const target = text(context, kind) ?? '';
    const found = among.get(target);
    if (!found) throw problem(`context "${name}" refers to ${kind} "${target}", which is not in ${where}`);
    return found;
  };
  const cluster = referred('cluster', config.clusters);
  const user = text(context, 'user') === undefined ? {} : referred('user', config.users);
  const server = text(cluster, 'server');
  if (server === undefined) throw problem(`the cluster of context "${name}" has no server`);
  const namespace = text(context, 'namespace') ?? 'default';
  return { context: name, namespace, server, ...trustOf(cluster), ...identityOf(user, text(context, 'user') ?? '') };
}

function trustOf(cluster: Fields): Partial<HttpTarget> {
  const ca = pem(cluster, 'certificate-authority');
  const tlsServerName = text(cluster, 'tls-server-name');
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(tlsServerName === undefined ? {} : { tlsServerName }),
    ...(cluster['insecure-skip-tls-verify'] === true ? { insecureSkipTlsVerify: true } : {}),
  };
}

function identityOf(user: Fields, name: string): Partial<HttpTarget> {
  for (const unsupported of ['exec', 'auth-provider', 'username']) {
    if (user[unsupported] === undefined) continue;
    throw problem(`user "${name}" uses ${unsupported}, which is not supported: use a token or a client certificate`);
  }
  const token = text(user, 'token') ?? tokenFromFile(user);
  const clientCertificate = pem(user, 'client-certificate');
  const clientKey = pem(user, 'client-key');
  if ((clientCertificate === undefined) !== (clientKey === undefined)) {
    throw problem(`user "${name}" needs both client-certificate and client-key, found only one`);
  }
  return {
    ...(token === undefined ? {} : { token }),
    ...(clientCertificate === undefined || clientKey === undefined ? {} : { clientCertificate, clientKey }),
  };
}

function tokenFromFile(user: Fields): string | undefined {
  const file = text(user, 'tokenFile');
  return file === undefined ? undefined : readNamed(file, 'tokenFile').trim();
}

/** `<field>-data` (base64) goes before the file that `<field>` names. */
function pem(fields: Fields, field: string): string | undefined {
  const inline = text(fields, `${field}-data`);
  if (inline !== undefined) return Buffer.from(inline, 'base64').toString('utf8');
  const file = text(fields, field);
  return file === undefined ? undefined : readNamed(file, field);
}

function readNamed(file: string, field: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw problem(`cannot read ${field} ${file} named by the kubeconfig: ${(error as Error).message}`);
  }
}

function text(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function problem(message: string): StatusError {
  return new StatusError('BadRequest', message);
}
