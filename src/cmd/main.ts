#!/usr/bin/env node
// The program: lists its modes and loads only the one that was asked for, so that each process stays small.
import { Command } from 'commander';
import { StatusError } from '../api/status-error.ts';
import { productVersion } from '../lib/product.ts';
import { addClusterCommands } from './commands/cluster.ts';
import { addJournalCommands } from './commands/journal.ts';
import { addObjectCommands } from './commands/objects.ts';
import { addOperatorCommands } from './commands/operator.ts';

const program = new Command('tepui')
  .description('A Kubernetes-style declarative API on top of Mesos primitives')
  .version(productVersion)
  .option('--kubeconfig <file>', 'the kubeconfig to use (default: KUBECONFIG, ~/.kube/config, ~/.tepui/kubeconfig)')
  .option('--context <name>', 'the context of the kubeconfig')
  .option('-n, --namespace <name>', 'the namespace (default: that of the context)')
  .showHelpAfterError('(add --help for what is possible)')
  .showSuggestionAfterError();
addClusterCommands(program);
addObjectCommands(program);
addOperatorCommands(program);
addJournalCommands(program);

// Whoever reads us has seen enough (`tepui get pods | head -1`): that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  if (process.argv.length <= 2) program.outputHelp();
  else await program.parseAsync();
} catch (error) {
  process.stderr.write(`error: ${describeFailure(error)}\n`);
  // A command may have set one that says more.
  process.exitCode ??= 1;
}

/** A user's mistake in one line; what we did not foresee with its stack. */
function describeFailure(error: unknown): string {
  if (error instanceof StatusError) return error.message;
  return String(error instanceof Error ? error.stack : error);
}
