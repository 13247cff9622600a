// The checker: `node dist/test/faults/check.js FOLDER` reads what the clients and observers of a run wrote down and says
// whether the promises were kept. Exit code 0: they were; 1: they were not; 2: some of it could not be decided.
import { checkHistory, printVerdicts } from './check/check-history.ts';
import { readHistory } from './history/history.ts';

const folder = process.argv[2];
if (folder === undefined) throw new Error('expected the folder with the logs (*.jsonl) of a run as the argument');
const verdicts = checkHistory(readHistory(folder));
console.log(printVerdicts(verdicts));
const all = [...verdicts.values()];
if (all.some(({ violations }) => violations.length > 0)) process.exitCode = 1;
else if (all.some(({ undecided }) => undecided.length > 0)) process.exitCode = 2;
