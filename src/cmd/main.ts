#!/usr/bin/env node
// The program: lists its modes and loads only the one that was asked for, so that each process stays small.
import { setFlagsFromString } from 'node:v8';
import { Command } from 'commander';
import { StatusError } from '../api/status-error.ts';
import { productVersion } from '../lib/product.ts';
import type { DeleteOptions } from '../cli/apply.ts';
import type { GetOptions } from '../cli/get.ts';
import type { GlobalOptions, Session } from '../cli/session.ts';
import type { AgentOptions } from './agent.ts';
import type { DevOptions } from './dev.ts';

const program = new Command('tepui')
  .description('A Kubernetes-style declarative API on top of Mesos primitives')
  .version(productVersion)
  .option('--kubeconfig <file>', 'the kubeconfig to use (default: KUBECONFIG, ~/.kube/config, ~/.tepui/kubeconfig)')
  .option('--context <name>', 'the context of the kubeconfig')
  .option('-n, --namespace <name>', 'the namespace (default: that of the context)')
  .showSuggestionAfterError();

/** Runs a command of the command line in a session that is closed afterwards. */
async function inSession(command: (session: Session) => Promise<number | undefined>): Promise<void> {
  const { openSession } = await import('../cli/session.ts');
  const session = openSession(program.opts<GlobalOptions>());
  try {
    process.exitCode = (await command(session)) ? 1 : 0;
  } finally {
    session.close();
  }
}

const quietly = async (work: Promise<void>): Promise<undefined> => {
  await work;
  return undefined;
};

/** @throws StatusError BadRequest */
function wholeNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new StatusError('BadRequest', `"${text}" is not a whole number`);
}

const collect = (value: string, previous: readonly string[] = []) => [...previous, value];

program
  .command('dev')
  .description('run a cluster on this machine: one server and its agents, with an embedded journal')
  .option('--home <dir>', 'where everything is kept (default: TEPUI_HOME, else ~/.tepui)')
  .option('--api-port <port>', 'port of the Kubernetes API, 0 for any free one', wholeNumber, 6443)
  .option('--mesos-port <port>', 'port of the Mesos master face, 0 for any free one', wholeNumber, 5050)
  .option('--agent-port <port>', 'port of the first agent’s Mesos face, 0 for any free one', wholeNumber, 5051)
  .option('--nodes <count>', 'number of agents; each gets its share of the machine', wholeNumber, 1)
  .option('--down', 'stop what runs and remove everything that was made under the home')
  .action(async (options: DevOptions & { down?: boolean }) => {
    if (options.down === true) await (await import('./down.ts')).down(options);
    else {
      // Before anything is loaded: for a tenth more CPU the heap stays a third smaller (docs/performance.md).
      setFlagsFromString('--optimize-for-size');
      await (await import('./dev.ts')).dev(options);
    }
  });

program
  .command('agent', { hidden: true })
  .requiredOption('--home <dir>', 'where the agent keeps what it runs')
  .requiredOption('--server <host:port,…>', 'addresses of the servers')
  .requiredOption('--node-name <name>', 'name of the Node')
  .requiredOption('--ca <file>', 'certificate of the cluster’s authority, PEM')
  .requiredOption('--token-file <file>', 'file with the join token')
  .option('--port <port>', 'port of the Mesos agent face, 0 for any free one', wholeNumber, 5051)
  .option('--shares <count>', 'agents among which the machine is divided', wholeNumber, 1)
  .option('--hide <dir>', 'a folder that no container may see')
  .option('--exit-with-parent', 'end when standard input closes')
  .action(async (options: AgentOptions) => (await import('./agent.ts')).agent(options));

program
  .command('apply')
  .description('create or change what manifests say (server-side apply)')
  .requiredOption('-f, --filename <path>', 'file, folder or - for standard input; may be repeated', collect)
  .option('-R, --recursive', 'also the folders in folders')
  .option('--force', 'take over fields that others own')
  .option('--dry-run', 'only say what would happen')
  .action((options: { filename: string[]; recursive?: boolean; force?: boolean; dryRun?: boolean }) =>
    inSession(async (session) => (await import('../cli/apply.ts')).apply(session, options)),
  );

program
  .command('get')
  .description('show objects')
  .argument('<type...>', 'TYPE, TYPE NAME … or TYPE/NAME …')
  .option('-o, --output <format>', 'wide, yaml, json or name')
  .option('-l, --selector <labels>', 'only objects with these labels')
  .option('--field-selector <fields>', 'only objects with these fields')
  .option('-A, --all-namespaces', 'of all namespaces')
  .action((words: string[], options: GetOptions) =>
    inSession(async (session) => quietly((await import('../cli/get.ts')).get(session, words, options))),
  );

program
  .command('describe')
  .description('show objects in detail, with their events')
  .argument('<type...>', 'TYPE, TYPE NAME … or TYPE/NAME …')
  .action((words: string[]) =>
    inSession(async (session) => quietly((await import('../cli/describe.ts')).describe(session, words))),
  );

program
  .command('why')
  .description('say why something is as it is: the reason, the evidence and the next step')
  .argument('<type/name...>', 'such as pod/web or deployment/web')
  .action((words: string[]) =>
    inSession(async (session) => quietly((await import('../cli/why.ts')).why(session, words))),
  );

program
  .command('delete')
  .description('delete objects and wait until they are gone')
  .argument('[type...]', 'TYPE NAME … or TYPE/NAME …')
  .option('-f, --filename <path>', 'what these manifests name; may be repeated', collect)
  .option('-l, --selector <labels>', 'all objects of the type with these labels')
  .option('--all', 'all objects of the type in the namespace')
  .option('--grace-period <seconds>', 'time to stop in; 0 removes the object at once', wholeNumber)
  .option('--no-wait', 'do not wait until they are gone')
  .option('--ignore-not-found', 'what does not exist is no error')
  .action((words: string[], options: DeleteOptions) =>
    inSession(async (session) => quietly((await import('../cli/apply.ts')).remove(session, words, options))),
  );

program
  .command('logs')
  .description('print what containers wrote')
  .argument('<pod>', 'POD, or TYPE/NAME for all pods behind it')
  .option('-c, --container <name>', 'the container, when there are several')
  .option('-f, --follow', 'go on as more is written')
  .option('-p, --previous', 'of the run before the last restart')
  .option('--tail <lines>', 'only the last lines', wholeNumber)
  .option('--since <duration>', 'only what is younger, such as 5m')
  .option('--timestamps', 'with the time of each line')
  .option('--prefix', 'with the name of the pod')
  .action((pod: string, { tail, ...options }: { tail?: number }) =>
    inSession(async (session) =>
      quietly(
        (await import('../cli/logs.ts')).logs(session, pod, {
          ...options,
          ...(tail === undefined ? {} : { tailLines: tail }),
        }),
      ),
    ),
  );

try {
  await program.parseAsync();
} catch (error) {
  const { message } = StatusError.from(error);
  process.stderr.write(`Error: ${error instanceof StatusError ? message : String((error as Error).stack)}\n`);
  process.exitCode = 1;
}
