// The operator's commands: status, tokens, backup and restore.
import { Option, type Command } from 'commander';
import type { StatusOptions } from '../../cli/status.ts';
import type { TokenOptions } from '../../cli/tokens.ts';
import type { BackupOptions } from '../backup-command.ts';
import { holdOpen } from '../hold-open.ts';
import type { RestoreOptions } from '../restore/restore.ts';
import { duration } from './arguments.ts';
import { inSession } from './in-session.ts';

export function addOperatorCommands(program: Command): void {
  addStatus(program);
  addTokens(program);
  addBackup(program);
  addRestore(program);
}

function addStatus(program: Command): void {
  program
    .command('status')
    .description('show who leads, the servers, the journal and the ensemble; problems first')
    .option('-o, --output <format>', 'json or yaml')
    .addHelpText('after', '\nExit codes: 0 healthy, 1 degraded or unreachable.\n')
    .action((options: StatusOptions) =>
      inSession(program, async (session) => (await import('../../cli/status.ts')).status(session, options)),
    );
}

function addTokens(program: Command): void {
  const token = program.command('token').description('manage the tokens with which agents and servers join');
  token
    .command('create')
    .description('make a token; it is printed once and cannot be shown again')
    .addOption(new Option('--role <role>', 'whom it lets in').choices(['agent', 'server', 'any']).default('any'))
    .option('--ttl <duration>', 'how long it lets them in, such as 24h; 0: for ever', duration, 24 * 60 * 60)
    .action((options: TokenOptions) =>
      inSession(program, async (session) => (await import('../../cli/tokens.ts')).createToken(session, options)),
    );
  token
    .command('list')
    .description('list the tokens: id, role and when they expire')
    .action(() => inSession(program, async (session) => (await import('../../cli/tokens.ts')).listTokens(session)));
  token
    .command('delete')
    .description('delete tokens; who has joined with one stays')
    .argument('<id...>', 'the id (second part of the token), or the whole token')
    .action((ids: string[]) =>
      inSession(program, async (session) => (await import('../../cli/tokens.ts')).deleteTokens(session, ids)),
    );
}

function addBackup(program: Command): void {
  program
    .command('backup')
    .description('save everything: all objects at one revision, and the identity of the cluster')
    .argument('<file>', 'where to; - for standard output')
    .option('--passphrase-file <file>', 'encrypt it with the passphrase in the first line of this file')
    .addHelpText(
      'after',
      '\nThe backup holds the key of the cluster’s authority and all Secrets: keep it as safe as the cluster itself.\n',
    )
    .action((file: string, options: BackupOptions) =>
      inSession(program, async (session) => (await import('../backup-command.ts')).backup(session, file, options)),
    );
}

function addRestore(program: Command): void {
  program
    .command('restore')
    .description('put a backup into an empty place, while no server runs there')
    .argument('<file>', 'what tepui backup wrote')
    .option('--zk <url>', 'into ZooKeeper: zk://[USER:PASSWORD@]HOST[:PORT][,…][/PATH]')
    .option('--home <dir>', 'into the embedded journal of this home')
    .option('--force', 'replace what is there')
    .option('--passphrase-file <file>', 'the passphrase, when the backup is encrypted')
    .action((file: string, options: RestoreOptions) =>
      holdOpen(import('../restore/restore.ts').then(({ restore }) => restore(file, options))),
    );
}
