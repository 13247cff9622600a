// What the journal itself says: whether all of it checks, and which writes were made in which epoch.
import { execa } from 'execa';
import { packagePath } from '../../../src/lib/package-root.ts';
import type { LineLog } from '../history/line-log.ts';

const mainModule = packagePath('dist/src/cmd/main.js');

/** `log  EPOCH  SEQUENCES  REVISIONS …`, a line of `tepui journal ls`. */
const epochRow = /^log\s+(\d+)\s+\S+\s+(\d+)(?:-(\d+))?\s/;

/** Rejects when `tepui journal` finds damage. @param address flags that say where the journal lies */
export async function recordEpochs(address: readonly string[], log: LineLog): Promise<void> {
  const { stdout } = await execa(process.execPath, [mainModule, 'journal', 'ls', ...address], { stdin: 'ignore' });
  for (const row of stdout.split('\n')) {
    const [, epoch, first, last] = epochRow.exec(row) ?? [];
    if (epoch === undefined) continue;
    log.write({ line: 'epoch', epoch: Number(epoch), first: Number(first), last: Number(last ?? first) });
  }
}
