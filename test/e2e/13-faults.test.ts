// Production with things going wrong, in short: eight random faults, and an ensemble that freezes, under load.
// The long forms are run by hand and by a scheduled check: node dist/test/faults/run.js --faults 300, and --frozen 100.
import { expect } from 'chai';
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts';
import { runScenario, type ScenarioOptions } from '../faults/nemesis/scenario.ts';

/** Its eight faults kill, freeze and cut off leaders, for shorter and longer than a session, and kill two ZooKeeper servers. */
const seed = Number(process.env['TEPUI_SEED'] ?? 3042);
const minutes = 60_000;

describe('three servers and an ensemble', function () {
  this.timeout(10 * minutes);
  let folder: TempFolder;
  let story: string[];
  beforeEach(async () => {
    folder = await createTempFolder();
    story = [];
  });

  async function expectKept(options: Pick<ScenarioOptions, 'faults' | 'frozen'>): Promise<void> {
    const kept = await runScenario({
      ...{ ...options, seed, folder: folder.path, system: 'cluster', kinds: [], clients: 2, clientPauseMs: 150 },
      recoverWithinMs: minutes,
      say: (text) => story.push(text),
    });
    // What is needed to understand a failure stays.
    if (kept) await folder.remove();
    expect(kept, story.join('\n')).to.equal(true);
  }

  it(`keep their promises through random faults (seed ${String(seed)})`, () =>
    expectKept({ faults: 8, frozen: { times: 0, forMs: 0 } }));

  it('come back by themselves when the ensemble was frozen for longer than a session', () =>
    expectKept({ faults: 0, frozen: { times: 1, forMs: 4500 } }));
});
