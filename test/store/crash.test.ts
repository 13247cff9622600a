// The journal against sudden death: SIGKILL under load, logs cut at every byte, bytes turned over.
import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { JournalDamaged } from '../../src/store/journal-errors.ts';
import { openEmbeddedMedium } from '../../src/store/media/embedded.ts';
import type { Store } from '../../src/store/store.ts';
import { contents, openStore, pod, podKey } from '../support/store-objects.ts';
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts';

const program = fileURLToPath(new URL('../support/journal-writer.js', import.meta.url));
const callers = 16;

const openFolder = async (directory: string, options = {}) =>
  openStore(await openEmbeddedMedium({ directory }), options);

describe('journal under SIGKILL', function () {
  this.timeout(120_000);
  let folder: TempFolder;

  beforeEach(async () => (folder = await createTempFolder()));
  afterEach(() => folder.remove());

  const kills = 40;
  it(`keeps every acknowledged write and no half transaction through ${kills} kills`, async () => {
    const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
    const acknowledged = new Map<number, number>();
    try {
      for (let kill = 0; kill < kills; kill++) {
        await writeUntilKilled(folder.path, seed + kill, acknowledged);
        const store = await openFolder(folder.path);
        expectWhole(store, acknowledged);
        await store.close();
      }
    } catch (error) {
      throw new Error(`run again with SEED=${seed}`, { cause: error });
    }
    expect([...acknowledged.values()].reduce((sum, turn) => sum + turn, 0)).to.be.greaterThan(kills * callers);
  });
});

/** Collects what the writer says was acknowledged, and kills it after a random number of lines and loop turns. */
async function writeUntilKilled(directory: string, seed: number, acknowledged: Map<number, number>): Promise<void> {
  const child = spawn(process.execPath, [program, directory, String(seed), String(callers)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = 50 + ((Math.imul(seed, 2654435761) >>> 0) % 1500);
  let rest = '';
  let seen = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const said = (rest + text).split('\n');
    rest = said.pop() ?? '';
    for (const line of said) {
      const [caller = 0, turn = 0] = line.split(' ').map(Number);
      acknowledged.set(caller, turn);
    }
    seen += said.length;
    if (seen >= lines) child.kill('SIGKILL');
  });
  await new Promise((resolve) => child.once('close', resolve));
  expect(child.signalCode, 'the writer must not end by itself').to.equal('SIGKILL');
}

function expectWhole(store: Store, acknowledged: ReadonlyMap<number, number>): void {
  const noteOf = (name: string) => store.get(podKey(name))?.object()['note'];
  for (let caller = 0; caller < callers; caller++) {
    const turn = Number(noteOf(`left-${caller}`) ?? 0);
    const expected = acknowledged.get(caller) ?? 0;
    // One more may have become durable without its caller having heard of it.
    expect(turn, `caller ${caller}`).to.be.oneOf([expected, expected + 1]);
    expect(Number(noteOf(`right-${caller}`) ?? 0), `the other half of caller ${caller}`).to.equal(turn);
    expect(noteOf(`odd-${caller}`)).to.equal(turn % 2 === 1 ? `${turn}` : undefined);
  }
}

describe('journal with a damaged file', function () {
  this.timeout(120_000);
  let folder: TempFolder;
  let whole: string;
  let length: number;
  let before: ReturnType<typeof contents>[];

  beforeEach(async () => {
    folder = await createTempFolder();
    whole = path.join(folder.path, 'whole');
    before = [[]];
    const store = await openFolder(whole);
    await store.transact((draft) => draft.put(podKey('a'), pod('a')));
    before.push(contents(store));
    await store.transact((draft) => {
      draft.delete(podKey('a'));
      draft.put(podKey('b'), pod('b'));
    });
    before.push(contents(store));
    await store.close();
    length = (await readFile(await logFile(whole))).length;
  });
  afterEach(() => folder.remove());

  const logFile = async (directory: string) => {
    const [log = ''] = (await readdir(path.join(directory, 'entries'))).filter((name) => name.endsWith('.log'));
    return path.join(directory, 'entries', log);
  };

  /** The state after the damage, or undefined when the journal refuses; any other failure fails the test. */
  const stateAfter = async (at: number, damage: (log: Buffer) => Buffer, keepsWitness: boolean) => {
    const directory = path.join(folder.path, `damaged-${at}`);
    await cp(whole, directory, { recursive: true });
    const log = await logFile(directory);
    await writeFile(log, damage(await readFile(log)));
    if (!keepsWitness) await writeFile(path.join(directory, 'acknowledged'), '');
    try {
      const store = await openFolder(directory);
      const state = contents(store);
      await store.close();
      return state;
    } catch (error) {
      expect(error).to.be.instanceOf(JournalDamaged);
      return undefined;
    } finally {
      await rm(directory, { recursive: true });
    }
  };

  /** Several at a time: most of the time goes into waiting for the disk. */
  const atEveryByte = async (check: (at: number) => Promise<void>) => {
    let next = 0;
    const work = async () => {
      for (let at = next++; at < length; at = next++) await check(at);
    };
    await Promise.all(Array.from({ length: 12 }, work));
  };

  it('refuses when the log is cut anywhere, because it knows what was acknowledged', async () => {
    await atEveryByte(async (at) => {
      expect(await stateAfter(at, (log) => log.subarray(0, at), true), `cut at ${at}`).to.equal(undefined);
    });
  });

  it('has a whole number of transactions when the log is cut and nothing else is known', async () => {
    await atEveryByte(async (at) => {
      const state = await stateAfter(at, (log) => log.subarray(0, at), false);
      expect(before, `cut at ${at}`).to.deep.include(state);
    });
  });

  it('has everything or refuses when a byte is turned over', async () => {
    await atEveryByte(async (at) => {
      const turned = (log: Buffer) => {
        log[at] = (log[at] ?? 0) ^ 0xff;
        return log;
      };
      const state = await stateAfter(at, turned, true);
      if (state) expect(state, `byte ${at}`).to.deep.equal(before.at(-1));
    });
  });
});
