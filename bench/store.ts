// The store by numbers, beside a floor measured in the same run: node dist/bench/store.js [quick]
//
// transactions  durable writes per second by number of callers; floor: a plain file, appended and fdatasynced in batches
//               of the same size
// recovery      100,000 objects of 2.5 KB: time until the store is open, and memory, in a process of its own
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
import { openEmbeddedMedium } from '../src/store/media/embedded.ts';
import { createMemoryMedium } from '../src/store/media/memory.ts';
import type { FieldsOf, Store } from '../src/store/store.ts';

const [, , mode = 'all', argument = ''] = process.argv;
const objectCount = mode === 'quick' ? 10_000 : 100_000;
const runMs = mode === 'quick' ? 1000 : 3000;

const print = (line: string) => void process.stdout.write(`${line}\n`);
const thousands = (value: number) => Math.round(value).toLocaleString('en-US');
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;

const fieldsOf: FieldsOf = (_resource, object) => ({
  'metadata.name': object.metadata.name ?? '',
  'spec.nodeName': (object['spec'] as { nodeName: string }).nodeName,
});

/** About 2.5 KB of JSON, shaped like a pod. */
function pod(at: number): ApiObject {
  const container = (name: string) => ({
    name,
    image: `registry.example/${name}:1.2.3`,
    env: Array.from({ length: 17 }, (_, n) => ({ name: `SETTING_${n}`, value: `value-${n}-${at}` })),
    resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '500m', memory: '256Mi' } },
    ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
  });
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `web-${at}`,
      namespace: `team-${at % 50}`,
      uid: `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`,
      labels: { app: `web-${at % 1000}`, tier: 'front', 'pod-template-hash': `h${at % 1000}` },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `web-${at % 1000}`, uid: `rs-${at % 1000}` },
      ],
    },
    spec: { nodeName: `node-${at % 5000}`, containers: [container('web'), container('sidecar')] },
    status: {
      phase: 'Running',
      conditions: ['Ready', 'Initialized', 'PodScheduled'].map((type) => ({ type, status: 'True' })),
    },
  };
}

const keyOf = (object: ApiObject) => ({
  resource: 'pods',
  namespace: object.metadata.namespace ?? '',
  name: object.metadata.name ?? '',
});

async function openStore(medium: Medium, snapshotFromBytes?: number): Promise<Store> {
  const journal = createJournal({
    medium,
    clock: systemClock,
    log: silentLog,
    ...(snapshotFromBytes === undefined ? {} : { snapshotFromBytes }),
  });
  const onDeposed = (error: unknown) => print(`failed: ${String(error)}`);
  const replica = createReplica({ journal, fieldsOf, fieldsVersion: '1', log: silentLog, onDeposed });
  await replica.lead();
  return replica.store;
}

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
      const object = objects[at % objects.length] as ApiObject;
      await store.transact((draft) => draft.put(keyOf(object), object));
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

async function compareTransactions(folder: string): Promise<void> {
  print('transactions per second (one object of 2.5 KB each)');
  for (const callers of [1, 64, 256]) {
    const memory = await transactions(createMemoryMedium(), callers);
    const directory = path.join(folder, `callers-${callers}`);
    const embedded = await transactions(await openEmbeddedMedium({ directory }), callers);
    const perBatch = (embedded.perSecond * runMs) / 1000 / embedded.batches;
    const plain = (await floor(path.join(folder, 'floor'), embedded.bytes / embedded.batches)) * perBatch;
    print(
      `  ${callers} callers: memory ${thousands(memory.perSecond)}, embedded ${thousands(embedded.perSecond)} ` +
        `(${perBatch.toFixed(1)} per batch), floor ${thousands(plain)}, embedded/floor ${(embedded.perSecond / plain).toFixed(2)}`,
    );
  }
}

async function fill(directory: string, snapshotFromBytes: number): Promise<void> {
  const store = await openStore(await openEmbeddedMedium({ directory }), snapshotFromBytes);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const startMs = performance.now();
  for (let at = 0; at < objectCount; at += 100) {
    const objects = Array.from({ length: 100 }, (_, offset) => pod(at + offset));
    await Promise.all(objects.map((object) => store.transact((draft) => draft.put(keyOf(object), object))));
  }
  const tookMs = performance.now() - startMs;
  print(
    `  written in ${(tookMs / 1000).toFixed(1)} s, ${thousands((objectCount * 1000) / tookMs)} per second; ` +
      `loop delay p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms, longest ${(delay.max / 1e6).toFixed(1)} ms`,
  );
  await store.close();
}

/** In a process of its own: opens the store, prints what it took, and shows what each object costs. */
async function recover(directory: string): Promise<void> {
  const before = process.memoryUsage();
  const cpuBefore = process.cpuUsage();
  const startMs = performance.now();
  const store = await openStore(await openEmbeddedMedium({ directory }), Number.POSITIVE_INFINITY);
  const openMs = performance.now() - startMs;
  const cpu = process.cpuUsage(cpuBefore);
  global.gc?.();
  const after = process.memoryUsage();
  const objects = store.list({ resource: 'pods' });
  const bytes = objects.reduce((sum, object) => sum + object.bytes.length, 0);
  const perObject = (after.heapUsed + after.external - before.heapUsed - before.external - bytes) / objects.length;
  print(
    `  open in ${openMs.toFixed(0)} ms (${((cpu.user + cpu.system) / 1000).toFixed(0)} ms of CPU): ${thousands(objects.length)} objects, ${megabytes(bytes)}; ` +
      `RSS ${megabytes(before.rss)} -> ${megabytes(after.rss)}; beside its bytes an object costs ${perObject.toFixed(0)} B`,
  );
  timeReads(store);
  await store.close();
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

function recoverInChild(directory: string): void {
  const program = fileURLToPath(import.meta.url);
  spawnSync(process.execPath, ['--expose-gc', program, 'recover', directory], { stdio: 'inherit' });
}

async function compareRecovery(folder: string): Promise<void> {
  print(`recovery of ${thousands(objectCount)} objects`);
  for (const [name, snapshotFromBytes] of [
    ['from snapshot and log', 8 * 1024 * 1024],
    ['from the log alone', Number.POSITIVE_INFINITY],
  ] as const) {
    print(` ${name}`);
    const directory = path.join(folder, name.replaceAll(' ', '-'));
    await fill(directory, snapshotFromBytes);
    recoverInChild(directory);
  }
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
      await Promise.all(objects.map((object) => store.transact((draft) => draft.put(keyOf(object), object))));
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

if (mode === 'recover') {
  await recover(argument);
} else {
  const folder = await mkdtemp(path.join(tmpdir(), 'tepui-bench-'));
  try {
    await compareTransactions(folder);
    await compareRecovery(folder);
    print('watch fan-out');
    await fanOut(1000, 1, 300);
    await fanOut(1000, 200, 10);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
