// `tepui status`: who leads, the servers, the journal and the ensemble under it; what is wrong comes first.
import { stringify } from 'yaml';
import type { ClusterStatus, EnsembleServerStatus, ServerStatus } from '../api/cluster-facts.ts';
import { StatusError } from '../api/status-error.ts';
import type { Session } from './session.ts';
import { alignColumns, warn } from './table.ts';

export interface StatusOptions {
  readonly output?: string;
}

/** Resolves with the number of problems. */
export async function status(session: Session, { output }: StatusOptions): Promise<number> {
  if (output !== undefined && output !== 'json' && output !== 'yaml') {
    throw new StatusError('BadRequest', `unknown output "${output}": expected json or yaml`);
  }
  const found = await session.json<ClusterStatus>({ path: '/tepui/v1/status' });
  const problems = problemsOf(found);
  if (output === 'json') session.print(JSON.stringify(found, undefined, 4));
  else if (output === 'yaml') session.print(stringify(found).trimEnd());
  else session.print(describeStatus(found, problems));
  return problems.length;
}

export interface Problem {
  readonly what: string;
  /** A sentence. */
  readonly whatToDo: string;
}

/** A follower that is this far behind takes over slowly. */
const longLag = 1000;
/** Milliseconds: a disk that takes longer for each write slows everything down. */
const slowAnswerMs = 100;

/** Worst first; empty when the cluster is healthy. */
export function problemsOf({ servers, journal, ensemble, epoch }: ClusterStatus): readonly Problem[] {
  return [
    ...journalProblems(journal),
    ...leaderProblems(servers, epoch),
    ...ensembleProblems(ensemble),
    ...servers.filter(({ lag }) => lag > longLag).map(laggingServer),
    ...versionProblems(servers),
  ];
}

function journalProblems({ medium, problem }: ClusterStatus['journal']): Problem[] {
  if (problem === undefined) return [];
  return [
    {
      what: `${medium} cannot be written: ${problem}`,
      whatToDo: 'Reads go on and so does what runs; writes are refused until it can be written again, by themselves.',
    },
  ];
}

function leaderProblems(servers: readonly ServerStatus[], epoch: number): Problem[] {
  if (servers.some(({ role }) => role === 'leader')) return [];
  const after = epoch === 0 ? '' : ` since epoch ${String(epoch)} ended`;
  const whatToDo =
    'One takes over within the session timeout. If none does, look at the logs of the servers (server.log in their homes).';
  return [{ what: `no server leads${after}`, whatToDo }];
}

function ensembleProblems(ensemble: readonly EnsembleServerStatus[]): Problem[] {
  const away = ensemble.filter(({ mode }) => mode === undefined);
  const quorum = Math.floor(ensemble.length / 2) + 1;
  const spare = ensemble.length - away.length - quorum;
  return [
    ...away.map(({ address, problem }) => ({
      what: `ZooKeeper server ${address} does not answer: ${problem ?? 'for no known reason'}`,
      whatToDo: `Start it again. ${spareText(spare)}`,
    })),
    ...ensemble
      .filter(({ averageLatencyMs = 0 }) => averageLatencyMs > slowAnswerMs)
      .map(({ address, averageLatencyMs }) => ({
        what: `ZooKeeper server ${address} takes ${String(averageLatencyMs)} ms for an answer`,
        whatToDo: 'Give its transaction log (dataLogDir) a disk of its own, or more memory.',
      })),
  ];
}

function spareText(spare: number): string {
  if (spare < 0) return 'The majority is gone: nothing can be written until it is back.';
  if (spare === 0) return 'Until then the loss of one more stops all writes.';
  return `${String(spare)} more may be lost until then.`;
}

function laggingServer({ api, lag }: ServerStatus): Problem {
  const whatToDo = 'It catches up by itself unless its machine is too slow; until it has, it would take over slowly.';
  return { what: `server ${api} has not read ${String(lag)} entries of the log yet`, whatToDo };
}

function versionProblems(servers: readonly ServerStatus[]): Problem[] {
  const versions = [...new Set(servers.map(({ version }) => version))];
  if (versions.length < 2) return [];
  const whatToDo = 'That is right during an upgrade; finish it, one server at a time, the leader last.';
  return [{ what: `the servers run different versions: ${versions.sort().join(', ')}`, whatToDo }];
}

/** Exported for tests. */
export function describeStatus(found: ClusterStatus, problems: readonly Problem[]): string {
  const { clusterId, servers, epoch, journal, ensemble } = found;
  const leader = servers.find(({ role }) => role === 'leader');
  const facts = [
    ['Cluster:', clusterId],
    ['Leader:', leader ? `${leader.api} since epoch ${String(epoch)}` : 'none'],
    ['Journal:', `${journal.medium}, ${journal.problem === undefined ? 'writable' : 'not writable'}`],
  ];
  const sections = [
    ...problems.map(({ what, whatToDo }) => `${warn('Problem:')} ${what}\n         ${whatToDo}`),
    alignColumns(facts),
    alignColumns([
      ['SERVER', 'ROLE', 'REVISION', 'LAG', 'GATEWAY', 'MESOS', 'VERSION', 'ID'],
      ...servers.map(serverRow),
    ]),
    ...(ensemble.length === 0
      ? []
      : [alignColumns([['ZOOKEEPER', 'MODE', 'LATENCY', 'ZNODES'], ...ensemble.map(ensembleRow)])]),
  ];
  return sections.join('\n\n');
}

function serverRow({ id, role, api, gateway, mesos, version, revision, lag }: ServerStatus): string[] {
  return [api, role, String(revision), String(lag), gateway, mesos, version, id];
}

function ensembleRow({ address, mode, averageLatencyMs, znodes }: EnsembleServerStatus): string[] {
  const latency = averageLatencyMs === undefined ? '' : `${String(averageLatencyMs)} ms`;
  return [address, mode ?? 'no answer', latency, znodes === undefined ? '' : String(znodes)];
}
