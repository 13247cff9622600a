// The commands that look into a journal, without a server: ls, show and check.
import type { Command } from 'commander';
import type { JournalAddress } from '../journal/open-reading.ts';
import type { ShowOptions } from '../journal/show.ts';
import { holdOpen } from '../hold-open.ts';
import { wholeNumber } from './arguments.ts';

const exitCodes = `
Exit codes:
  0  the journal is whole
  1  it is damaged; the message names the place and what to do
  2  it cannot be read: not there, in use, or ZooKeeper does not answer

Nothing is changed. A journal in ZooKeeper can be read while servers use it; an embedded one only while none does.
`;

export function addJournalCommands(program: Command): void {
  const journal = program
    .command('journal')
    .description('look into the journal, in which everything is kept; works without a server');
  addressed(journal.command('ls'))
    .description('list what the journal holds: snapshots, and the log by writer')
    .action((options: JournalAddress) => exiting(async () => (await import('../journal/ls.ts')).listJournal(options)));
  addressed(journal.command('show'))
    .description('print the objects of the snapshot and the writes of the log, as YAML documents or lines of JSON')
    .option('--from <revision>', 'only from this revision on', wholeNumber())
    .option('--to <revision>', 'only up to this revision', wholeNumber())
    .option('--key <key>', 'only RESOURCE, RESOURCE/NAMESPACE or RESOURCE/NAMESPACE/NAME')
    .option('-o, --output <format>', 'yaml or json', 'yaml')
    .option('--secrets', 'with the values of Secrets, which are masked otherwise')
    .action((options: ShowOptions) =>
      exiting(async () => (await import('../journal/show.ts')).showJournalCommand(options)),
    );
  addressed(journal.command('check'))
    .description('read everything and verify all checksums')
    .action((options: JournalAddress) => exiting(async () => (await import('../journal/ls.ts')).checkJournal(options)));
}

function addressed(command: Command): Command {
  return command
    .option('--zk <url>', 'the journal in ZooKeeper: zk://[USER:PASSWORD@]HOST[:PORT][,…][/PATH]')
    .option('--home <dir>', 'the embedded journal of this home (default: TEPUI_HOME, else ~/.tepui)')
    .addHelpText('after', exitCodes);
}

async function exiting(work: () => Promise<number>): Promise<void> {
  process.exitCode = await holdOpen(work());
}
