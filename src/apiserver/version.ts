// What the server says of itself: /version, and whether it is well: /healthz, /livez, /readyz.
import type { ApiRequest, ApiResponse } from '../api/request.ts';

/** The Kubernetes API level whose structures schemas/ follows. */
const apiLevel = { major: '1', minor: '36' };

export interface BuildFacts {
  /** Version of this program, without a `v`: `0.1.0`. */
  readonly version: string;
  readonly gitCommit?: string;
  /** RFC 3339. */
  readonly buildDate?: string;
  /** Operating system and architecture in Go's words: `linux/amd64`. */
  readonly platform: string;
  /** What runs the program, where clients expect a Go version: `node v20.20.2`. */
  readonly runtime: string;
}

/** The document at `/version`. Its `gitVersion` is a semantic version whose build part names tepui's own. */
export function versionDocument(build: BuildFacts): Readonly<Record<string, string>> {
  const { major, minor } = apiLevel;
  return {
    major,
    minor,
    emulationMajor: major,
    emulationMinor: minor,
    minCompatibilityMajor: major,
    minCompatibilityMinor: minor,
    gitVersion: `v${major}.${minor}.0+tepui.${build.version}`,
    gitCommit: build.gitCommit ?? '',
    gitTreeState: 'clean',
    buildDate: build.buildDate ?? '',
    goVersion: build.runtime,
    compiler: 'node',
    platform: build.platform,
  };
}

/** Answers GET and HEAD on `/version`. */
export function createVersion(build: BuildFacts): (request: ApiRequest) => ApiResponse | undefined {
  const body = Buffer.from(JSON.stringify(versionDocument(build), null, 2));
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-cache, private' };
  return (request) => (isRead(request, '/version') ? { status: 200, headers, body } : undefined);
}

export interface HealthCheck {
  /** Without spaces: `journal`. */
  readonly name: string;
  /** What is wrong, in a few words fit for everybody's eyes; undefined when all is well. */
  readonly problem: () => string | undefined;
}

export interface HealthChecks {
  /** Whether a restart would help: `/livez` and the older `/healthz`. */
  readonly live: readonly HealthCheck[];
  /** Whether requests can be served now: `/readyz`, in addition to those above. */
  readonly ready: readonly HealthCheck[];
}

/**
 * Answers GET and HEAD on `/healthz`, `/livez` and `/readyz`, as a whole or for one check (`/readyz/journal`): 200 `ok`
 * or 500 with one line per check. `?verbose` lists the checks anyway, `?exclude=NAME` leaves some out.
 */
export function createHealth(checks: HealthChecks): (request: ApiRequest) => ApiResponse | undefined {
  const byPath: Readonly<Record<string, readonly HealthCheck[]>> = {
    healthz: checks.live,
    livez: checks.live,
    readyz: [...checks.live, ...checks.ready],
  };
  return (request) => {
    const [, endpoint = '', only, ...rest] = request.path.split('/');
    const all = Object.hasOwn(byPath, endpoint) ? byPath[endpoint] : undefined;
    if (all === undefined || rest.length > 0 || !isRead(request, request.path)) return undefined;
    if (only === undefined) return report(endpoint, all, request.query);
    const chosen = all.filter(({ name }) => name === only);
    return chosen.length === 0 ? undefined : report(endpoint, chosen, request.query);
  };
}

function report(endpoint: string, checks: readonly HealthCheck[], query: URLSearchParams): ApiResponse {
  const excluded = new Set(query.getAll('exclude'));
  const lines = [{ name: 'ping', problem: () => undefined }, ...checks]
    .filter(({ name }) => !excluded.has(name))
    .map(({ name, problem }) => ({ name, problem: problem() }));
  const isWell = lines.every(({ problem }) => problem === undefined);
  if (isWell && !query.has('verbose')) return textResponse(200, 'ok');
  const listed = lines.map(({ name, problem }) =>
    problem === undefined ? `[+]${name} ok` : `[-]${name} failed: ${problem}`,
  );
  return textResponse(
    isWell ? 200 : 500,
    [...listed, `${endpoint} check ${isWell ? 'passed' : 'failed'}`, ''].join('\n'),
  );
}

function textResponse(status: number, text: string): ApiResponse {
  const headers = {
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-cache, private',
  };
  return { status, headers, body: Buffer.from(text) };
}

const isRead = (request: ApiRequest, path: string): boolean =>
  request.path === path && (request.method === 'GET' || request.method === 'HEAD');
