// The store by numbers, beside a floor or a peer measured in the same run: node dist/bench/store.js [quick] [PART…]
//
// transactions  durable writes per second by number of callers, over every medium; floor of the embedded one: a plain
//               file, appended and fdatasynced in batches of the same size; peer of ZooKeeper: the embedded one
// cold-start    100,000 objects of 1.4 kB: time until the store is open, and memory, in a process of its own
// watches       cost of one event to one watcher
import { spawnSync } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import type { ApiObject } from '../src/api/object.ts';
import { systemClock } from '../src/lib/clock.ts';
import { silentLog } from '../src/lib/log.ts';
import { createReplica } from '../src/store/create-replica.ts';
import { createJournal } from '../src/store/journal.ts';
import type { Medium } from '../src/store/medium.ts';
import { createMemoryMedium } from '../src/store/media/memory.ts';
import type { Replica } from '../src/store/replica.ts';
import type { Store } from '../src/store/store.ts';
import { openAt, startPlaces, type Place, type Places } from './store-places.ts';
import { fieldsOf, keyOf, pod } from './store-pods.ts';

const [, , ...words] = process.argv;
const isQuick = words.includes('quick');
const parts = words.filter((word) => word !== 'quick');
const isWanted = (part: string) => parts.length === 0 || parts.includes(part);
const objectCount = isQuick ? 10_000 : 100_000;
/** Entries of the log that no snapshot covers yet: half of what makes ZooKeeper's due. */
const tailLength = isQuick ? 500 : 5000;
const runMs = isQuick ? 1000 : 3000;

const print = (line: string) => void process.stdout.write(`${line}\n`);
const thousands = (value: number) => Math.round(value).toLocaleString('en-US');
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
const cpuMs = ({ user, system }: NodeJS.CpuUsage) => ((user + system) / 1000).toFixed(0);

function openReplica(medium: Medium, snapshotFromBytes?: number): Replica {
  const journal = createJournal({
    medium,
    clock: systemClock,
    log: silentLog,
    ...(snapshotFromBytes === undefined ? {} : { snapshotFromBytes }),
  });
  const onDeposed = (error: unknown) => print(`failed: ${String(error)}`);
  return createReplica({ journal, fieldsOf, fieldsVersion: '1', log: silentLog, onDeposed });
}

async function openStore(medium: Medium, snapshotFromBytes?: number): Promise<Store> {
  const replica = openReplica(medium, snapshotFromBytes);
  await replica.lead();
  return replica.store;
}

const put = (store: Store, object: ApiObject) => store.transact((draft) => draft.put(keyOf(object), object));

interface Rate {
  readonly perSecond: number;
  readonly batches: number;
  readonly bytes: number;
}

/** Callers that write one object each, one after another, over 10,000 keys. */
async function transactions(medium: Medium, callers: number): Promise<Rate> {
  let batches = 0;
  let bytes = 0;
  const store = await openStore({
    ...medium,
    append(epoch, entries) {
      batches++;
      for (const entry of entries) bytes += entry.bytes.length;
      return medium.append(epoch, entries);
    },
  });
  const objects = Array.from({ length: 10_000 }, (_, at) => pod(at));
  let written = 0;
  const startMs = performance.now();
  const write = async (caller: number) => {
    for (let at = caller; performance.now() - startMs < runMs; at += callers) {
      await put(store, objects[at % objects.length] as ApiObject);
      written++;
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, caller) => write(caller)));
  const perSecond = (written * 1000) / (performance.now() - startMs);
  await store.close();
  return { perSecond, batches, bytes };
}

/** Batches per second of a plain file, with batches of the same size as the store's were. */
async function floor(file: string, batchBytes: number): Promise<number> {
  const handle = await open(file, 'w');
  const batch = Buffer.alloc(Math.round(batchBytes), 'x');
  const startMs = performance.now();
  let batches = 0;
  for (; performance.now() - startMs < runMs; batches++) {
    await handle.write(batch);
    await handle.datasync();
  }
  await handle.close();
  return (batches * 1000) / (performance.now() - startMs);
}

async function compareTransactions(places: Places, folder: string): Promise<void> {
  print('transactions per second (one object of 1.4 kB each)');
  for (const callers of [1, 64, 256]) {
    let embedded = 0;
    for (const place of places.create()) {
      const rate = await transactions(await place.open(), callers);
      const perBatch = (rate.perSecond * runMs) / 1000 / rate.batches;
      let beside = '';
      if (place.medium === 'embedded') {
        embedded = rate.perSecond;
        const plain = (await floor(path.join(folder, 'floor'), rate.bytes / rate.batches)) * perBatch;
        beside = `, floor ${thousands(plain)}, embedded/floor ${(embedded / plain).toFixed(2)}`;
      }
      if (place.medium === 'ZooKeeper') beside = `, ZooKeeper/embedded ${(rate.perSecond / embedded).toFixed(2)}`;
      print(
        `  ${callers} callers, ${place.medium}: ${thousands(rate.perSecond)} (${perBatch.toFixed(1)} per batch)${beside}`,
      );
    }
  }
}

async function fill(place: Place, snapshotFromBytes?: number): Promise<void> {
  const medium = await place.open();
  const store = await openStore(medium, snapshotFromBytes);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const startMs = performance.now();
  for (let at = 0; at < objectCount; at += 100) {
    const objects = Array.from({ length: 100 }, (_, offset) => pod(at + offset));
    await Promise.all(objects.map((object) => put(store, object)));
  }
  const tookMs = performance.now() - startMs;
  print(
    `  written in ${(tookMs / 1000).toFixed(1)} s, ${thousands((objectCount * 1000) / tookMs)} per second; ` +
      `loop delay p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms, longest ${(delay.max / 1e6).toFixed(1)} ms`,
  );
  // One after another, as many at a time as make entries of their own.
  const write = async (caller: number) => {
    for (let at = caller; at < tailLength; at += medium.depth) await put(store, pod(at));
  };
  await Promise.all(Array.from({ length: medium.depth }, (_, caller) => write(caller)));
  await store.close();
}

/** Opens the store, prints what it took, and shows what each object costs. */
async function recover(openMedium: () => Promise<Medium>): Promise<void> {
  const before = process.memoryUsage();
  const cpuBefore = process.cpuUsage();
  const startMs = performance.now();
  const medium = await openMedium();
  const openedMs = performance.now();
  const store = await openStore(medium, Number.POSITIVE_INFINITY);
  const openMs = performance.now();
  const cpu = process.cpuUsage(cpuBefore);
  print(
    `  cold start in ${(openMs - startMs).toFixed(0)} ms, ${(openMs - openedMs).toFixed(0)} ms of it after the medium was open ` +
      `(${cpuMs(cpu)} ms of CPU): ${thousands(store.list({ resource: 'pods' }).length)} objects`,
  );
  // In a process of its own nothing else has taken memory.
  if (global.gc) showMemory(store, before);
  if (global.gc && words[2] === 'embedded') timeReads(store);
  await store.close();
}

function showMemory(store: Store, before: NodeJS.MemoryUsage): void {
  global.gc?.();
  const after = process.memoryUsage();
  const objects = store.list({ resource: 'pods' });
  const bytes = objects.reduce((sum, object) => sum + object.bytes.length, 0);
  const perObject = (after.heapUsed + after.external - before.heapUsed - before.external - bytes) / objects.length;
  print(
    `  RSS ${megabytes(before.rss)} -> ${megabytes(after.rss)}; beside its ${(bytes / objects.length).toFixed(0)} bytes ` +
      `an object costs ${perObject.toFixed(0)} B`,
  );
}

function timeReads(store: Store): void {
  const time = (what: string, work: () => { length: number }) => {
    const startMs = performance.now();
    const { length } = work();
    print(`  ${what}: ${length} in ${(performance.now() - startMs).toFixed(2)} ms`);
  };
  for (const round of ['first', 'second']) {
    time(`list all, ${round} time`, () => store.list({ resource: 'pods' }));
    time(`list by namespace, ${round} time`, () => store.list({ resource: 'pods', namespace: 'team-7' }));
    time(`list by label, ${round} time`, () => store.list({ resource: 'pods', labels: { app: 'web-7' } }));
    time(`list by node, ${round} time`, () => store.list({ resource: 'pods', fields: { 'spec.nodeName': 'node-7' } }));
    time(`dependents, ${round} time`, () => store.dependents('rs-7'));
  }
}

async function recoverFrom(place: Place): Promise<void> {
  if (place.address === undefined) return recover(() => place.open());
  const program = fileURLToPath(import.meta.url);
  spawnSync(process.execPath, ['--expose-gc', program, 'recover', place.address, place.medium], { stdio: 'inherit' });
}

async function compareColdStarts(places: Places): Promise<void> {
  print(`cold start with ${thousands(objectCount)} objects`);
  for (const [name, snapshotFromBytes] of [
    [`a snapshot and a log of at least ${thousands(tailLength)} entries`, undefined],
    ['the log alone', Number.POSITIVE_INFINITY],
  ] as const) {
    for (const place of places.create()) {
      // ZooKeeper asks for snapshots by the number of entries too.
      if (place.medium === 'ZooKeeper' && snapshotFromBytes !== undefined) continue;
      print(` ${place.medium}, from ${name}`);
      await fill(place, snapshotFromBytes);
      await recoverFrom(place);
    }
  }
}

async function compareWatches(): Promise<void> {
  print('watch fan-out');
  await fanOut(1000, 1, 300);
  await fanOut(1000, 200, 10);
}

/** The same bursts with and without watchers: the difference is theirs. */
async function fanOut(watchers: number, burst: number, rounds: number): Promise<void> {
  const aloneMs = await burstsMs(0, burst, rounds);
  const watchedMs = await burstsMs(watchers, burst, rounds);
  const microseconds = ((watchedMs - aloneMs) * 1000) / (watchers * burst * rounds);
  print(`  ${watchers} watchers, bursts of ${burst}: ${microseconds.toFixed(2)} µs per delivery`);
}

async function burstsMs(watchers: number, burst: number, rounds: number): Promise<number> {
  const store = await openStore(createMemoryMedium(), Number.POSITIVE_INFINITY);
  const objects = Array.from({ length: burst }, (_, at) => pod(at));
  const controllers = Array.from({ length: watchers }, () => new AbortController());
  const listen = async ({ signal }: AbortController) => {
    let delivered = 0;
    for await (const events of store.watch({ resource: 'pods', fromRevision: 0 }, signal)) {
      delivered += events.length;
      if (delivered === burst * rounds) return;
    }
  };
  const ended = controllers.map((controller) => listen(controller));
  const tookMs = await timed(async () => {
    for (let round = 0; round < rounds; round++) {
      await Promise.all(objects.map((object) => put(store, object)));
    }
    await Promise.all(ended);
  });
  await store.close();
  return tookMs;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

if (words[0] === 'recover') {
  await recover(() => openAt(words[1] ?? ''));
} else {
  const folder = await mkdtemp(path.join(tmpdir(), 'tepui-bench-'));
  const places = await startPlaces(folder);
  try {
    if (isWanted('transactions')) await compareTransactions(places, folder);
    if (isWanted('cold-start')) await compareColdStarts(places);
    if (isWanted('watches')) await compareWatches();
  } finally {
    await places.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
