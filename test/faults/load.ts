// A client process of a fault run: `node dist/test/faults/load.js --log FILE --name c1 --seed 7 --kubeconfig FILE …`.
// Works until `stop` comes on its standard input, and says `stopped`; watches until `until RV`, and ends when it has seen it.
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { openLineLog } from './history/line-log.ts';
import { createRandom } from './load/random.ts';
import { createRecordedClient } from './load/recorded-client.ts';
import { connectServer } from './load/server-connection.ts';
import { startWatcher } from './load/watcher.ts';
import { work } from './load/worker.ts';

const { values } = parseArgs({
  options: {
    log: { type: 'string' },
    name: { type: 'string' },
    seed: { type: 'string', default: '1' },
    kubeconfig: { type: 'string', multiple: true, default: [] },
    workers: { type: 'string', default: '3' },
    pause: { type: 'string', default: '60' },
  },
});
const { log: file, name, kubeconfig, seed, workers, pause } = values;
if (file === undefined || name === undefined || kubeconfig.length === 0) {
  throw new Error('expected --log FILE, --name NAME and at least one --kubeconfig FILE');
}

const log = openLineLog(file);
const stopWork = new AbortController();
const giveUp = new AbortController();
const seeds = createRandom(Number(seed));
const randomOf = () => createRandom(seeds.below(2 ** 31));
// A connection each, so that one that waits does not hold up the others.
const connect = () => kubeconfig.map(connectServer);

const worked = Array.from({ length: Number(workers) }, (_, index) =>
  work(
    {
      client: createRecordedClient(`${name}.${String(index)}`, log),
      servers: connect(),
      random: randomOf(),
      pauseMs: Number(pause),
    },
    stopWork.signal,
  ),
);
const watchers = [1, 2].map((index) =>
  startWatcher({ name: `${name}.w${String(index)}`, servers: connect(), random: randomOf(), log }, giveUp.signal),
);

const drainWithinMs = 60_000;

createInterface(process.stdin)
  .on('line', (line) => {
    const [word, rv] = line.split(' ');
    if (word === 'stop') {
      stopWork.abort();
      void Promise.all(worked).then(() => console.log('stopped'));
    }
    if (word === 'until') {
      watchers.forEach((watcher) => watcher.until(Number(rv)));
      setTimeout(() => giveUp.abort(), drainWithinMs).unref();
    }
  })
  .on('close', () => {
    // Whoever started us is gone.
    stopWork.abort();
    giveUp.abort();
  });

await Promise.all([...worked, ...watchers.map(({ finished }) => finished)]);
log.close();
process.exit(0);
