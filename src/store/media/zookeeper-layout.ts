// How the journal lies in ZooKeeper, below the path of the connection string, and the guard over its version:
//
//   layout                     {"version":1}
//   epoch                      {"epoch":7,"claim":"…"}: the number is for people; the znode's version is the fence
//   log/<bucket>/<sequence>    the entries, in buckets of a thousand, each named by its first number
//   snapshots/<sequence>/…     pieces by number, and `seal`
//   readers/…                  ephemeral: what standbys still need
//
// Every znode whose version is checked is written twice when it is made: ZooKeeper's client takes version 0 for "any".
import type { Log } from '../../lib/log.ts';
import { ZookeeperUnavailable, type WriteOp, type Zookeeper } from '../../zookeeper/zookeeper.ts';
import { JournalUnavailable, type JournalPlace } from '../journal-errors.ts';

export const layoutPath = '/layout';
export const epochPath = '/epoch';
export const logPath = '/log';
export const snapshotsPath = '/snapshots';
export const readersPath = '/readers';

const bucketLength = 1000;

const padded = (number: number) => String(number).padStart(10, '0');
/** First number of the bucket that holds an entry. */
export const bucketOf = (sequence: number) => sequence - (sequence % bucketLength);
export const lastOfBucket = (bucket: number) => bucket + bucketLength - 1;
export const bucketPath = (bucket: number) => `${logPath}/${padded(bucket)}`;
export const entryPath = (sequence: number) => `${bucketPath(bucketOf(sequence))}/${padded(sequence)}`;
export const snapshotPath = (snapshot: number) => `${snapshotsPath}/${padded(snapshot)}`;
export const piecePath = (snapshot: number, index: number) => `${snapshotPath(snapshot)}/${padded(index)}`;
export const sealName = 'seal';
export const sealPath = (snapshot: number) => `${snapshotPath(snapshot)}/${sealName}`;

/** The numbers among the names of children, ascending. */
export function numbersOf(names: readonly string[] | undefined): number[] {
  const numbers = (names ?? []).filter((name) => /^\d+$/.test(name)).map(Number);
  return numbers.sort((a, b) => a - b);
}

export const noBytes = new Uint8Array();
export const json = (value: object) => Buffer.from(JSON.stringify(value));

/** From one version of the layout to the next. */
export interface Migration {
  readonly from: number;
  /** What has to be done in one transaction together with the new version. May write what older programs do not read. */
  prepare(zookeeper: Zookeeper): Promise<readonly WriteOp[]>;
}

/** What this program knows: its version of the layout, and how to come from each older one to the next. */
export interface LayoutKnowledge {
  readonly version: number;
  readonly migrations: readonly Migration[];
}

export const presentLayout: LayoutKnowledge = { version: 1, migrations: [] };

const create = (path: string, data: Uint8Array = noBytes): WriteOp => ({ kind: 'create', path, data });
const set = (path: string, data: Uint8Array = noBytes): WriteOp => ({ kind: 'set', path, data });

/** `readers` and `layout` are checked by version as well. */
function foundation(version: number): WriteOp[] {
  const checked = (path: string, data: Uint8Array) => [create(path, data), set(path, data)];
  return [
    ...checked(layoutPath, json({ version })),
    ...checked(epochPath, json({ epoch: 0 })),
    ...checked(readersPath, noBytes),
    create(logPath),
    create(snapshotsPath),
  ];
}

/**
 * Makes the layout where there is none, and brings an older one up to date. Rejects with JournalUnavailable when it is
 * newer than what this program knows; with ZookeeperUnavailable when this has to be tried again.
 */
export async function openLayout(zookeeper: Zookeeper, place: JournalPlace, known: LayoutKnowledge, log: Log) {
  await zookeeper.ensurePath('/');
  for (let found = await versionOf(zookeeper, place); found?.version !== known.version;) {
    if (found && found.version > known.version) throw newer(place, found.version, known.version);
    const ops = found ? await migrate(zookeeper, place, known, found) : foundation(known.version);
    const outcome = await zookeeper.write(ops, zookeeper.session);
    if (outcome.kind === 'done') log.info({ journal: place.description, from: found?.version }, 'wrote the layout');
    // Another server may have been quicker; what is there now decides.
    await zookeeper.settle();
    const now = await versionOf(zookeeper, place);
    if (outcome.kind === 'refused' && now?.version === found?.version)
      throw strange(place, ops[outcome.op], outcome.code);
    found = now;
  }
}

interface Found {
  readonly version: number;
  readonly znodeVersion: number;
}

async function versionOf(zookeeper: Zookeeper, place: JournalPlace): Promise<Found | undefined> {
  const znode = await zookeeper.get(layoutPath);
  if (!znode) return undefined;
  const text = Buffer.from(znode.data).toString();
  const version = parsedVersion(text);
  if (version === undefined) {
    throw new JournalUnavailable(
      `expected ${layoutPath} of ${place.description} to be {"version":…}, found ${JSON.stringify(text)}: is this path of another program?`,
    );
  }
  return { version, znodeVersion: znode.stat.version };
}

function parsedVersion(text: string): number | undefined {
  try {
    const { version } = JSON.parse(text) as { version?: unknown };
    return typeof version === 'number' ? version : undefined;
  } catch {
    return undefined;
  }
}

async function migrate(
  zookeeper: Zookeeper,
  place: JournalPlace,
  known: LayoutKnowledge,
  found: Found,
): Promise<WriteOp[]> {
  const migration = known.migrations.find(({ from }) => from === found.version);
  if (!migration) {
    throw new JournalUnavailable(
      `${place.description} has layout version ${found.version}; this program knows ${known.version} and no way from there: ` +
        'start a version of tepui between the two first',
    );
  }
  const changes = await migration.prepare(zookeeper);
  const data = json({ version: found.version + 1 });
  return [{ kind: 'set', path: layoutPath, data, version: found.znodeVersion }, ...changes];
}

function newer(place: JournalPlace, found: number, known: number): JournalUnavailable {
  return new JournalUnavailable(
    `${place.description} has layout version ${found}, this program knows versions up to ${known}: ` +
      'a newer tepui has used it. Start that version, or a newer one, here as well; nothing was changed',
  );
}

function strange(place: JournalPlace, op: WriteOp | undefined, code: string): Error {
  if (code === 'no-node') return new ZookeeperUnavailable(`the path of ${place.description} is being removed`);
  return new JournalUnavailable(
    `expected to be able to write ${op?.path ?? 'the layout'} of ${place.description}, found ${code}: ` +
      'give tepui a path of its own, and the credentials that it was made with',
  );
}
