// A fault run by hand: `node dist/test/faults/run.js --seed 7 --faults 300`, or `--frozen 100 --for 30000`; `--system dev` for
// the embedded journal. Prints the seed and each fault; keeps the folder with everything when something went wrong.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runScenario } from './nemesis/scenario.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    faults: { type: 'string', default: '20' },
    kinds: { type: 'string', default: '' },
    frozen: { type: 'string', default: '0' },
    for: { type: 'string', default: '30000' },
    system: { type: 'string', default: 'cluster' },
    clients: { type: 'string', default: '3' },
    pause: { type: 'string', default: '100' },
    recover: { type: 'string', default: '60000' },
    folder: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});

const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'tepui-faults-'));
mkdirSync(folder, { recursive: true });
const startedMs = performance.now();
const seconds = () => ((performance.now() - startedMs) / 1000).toFixed(1).padStart(7);
const ok = await runScenario({
  ...{ seed: Number(values.seed), faults: Number(values.faults), folder },
  kinds: values.kinds.split(',').filter((kind) => kind !== ''),
  frozen: { times: Number(values.frozen), forMs: Number(values.for) },
  system: values.system === 'dev' ? 'dev' : 'cluster',
  ...{ clients: Number(values.clients), clientPauseMs: Number(values.pause) },
  recoverWithinMs: Number(values.recover),
  say: (text) => console.log(`${seconds()}  ${text}`),
});
if (ok && !values.keep) rmSync(folder, { recursive: true, force: true });
else console.log(`everything that was written down is in ${folder}`);
console.log(ok ? 'the promises were kept' : `FAILED; the same again: --seed ${values.seed} --faults ${values.faults}`);
process.exitCode = ok ? 0 : 1;
