// Runs test/scenarios/offer-engine/*.txt: commands, a line of dashes, what happened. UPDATE=1 records anew.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { createScenarioRun } from './offer-engine-language.ts';

const folder = join(import.meta.dirname, '../../../test/scenarios/offer-engine');
const separator = '----';

describe('scenarios of the offer engine', () => {
  const files = readdirSync(folder).filter((file) => file.endsWith('.txt'));

  it('exist', () => {
    expect(files.length).to.be.greaterThan(5);
  });

  for (const file of files) {
    it(file.replace('.txt', '').replaceAll('-', ' '), () => {
      const recorded = readFileSync(join(folder, file), 'utf8');
      const played = play(recorded);
      if (process.env['UPDATE'] === '1') writeFileSync(join(folder, file), played);
      else expect(played).to.equal(recorded);
    });
  }
});

/** The same text with the outputs of this run. Blocks are separated by blank lines; `#` starts a comment. */
function play(text: string): string {
  const run = createScenarioRun();
  const blocks = text
    .trimEnd()
    .split(/\n\n+/)
    .map((block) => {
      const commands = block.split('\n').slice(0, indexOrEnd(block.split('\n')));
      const active = commands.filter((line) => !line.startsWith('#'));
      return active.length === 0 ? commands.join('\n') : [...commands, separator, run.execute(active)].join('\n');
    });
  return `${blocks.join('\n\n')}\n`;
}

function indexOrEnd(lines: readonly string[]): number {
  const index = lines.indexOf(separator);
  return index < 0 ? lines.length : index;
}
