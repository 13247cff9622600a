// The commands over objects: apply, get, describe, why, delete and logs, each loaded when it is asked for.
import type { Command } from 'commander';
import type { ApplyOptions } from '../../cli/apply.ts';
import type { DeleteOptions } from '../../cli/delete.ts';
import type { DescribeOptions } from '../../cli/describe.ts';
import type { GetOptions } from '../../cli/get-request.ts';
import type { LogsOptions } from '../../cli/logs.ts';
import { collect, dryRun, wholeNumber } from './arguments.ts';
import { inSession } from './in-session.ts';

const typeArgument = 'TYPE, TYPE NAME … or TYPE/NAME …';

export function addObjectCommands(program: Command): void {
  addApply(program);
  addGet(program);
  addDescribe(program);
  addWhy(program);
  addDelete(program);
  addLogs(program);
}

function addApply(program: Command): void {
  program
    .command('apply')
    .description('create or change what manifests say (server-side apply)')
    .requiredOption('-f, --filename <path>', 'file, folder or - for standard input; may be repeated', collect)
    .option('-R, --recursive', 'also the folders in folders')
    .option('--force, --force-conflicts', 'take over fields that others own')
    .option('--dry-run [server]', 'only say what would happen; the server checks it all', dryRun)
    .option('--server-side', 'accepted for kubectl’s sake: apply always is')
    .action((options: ApplyOptions & { forceConflicts?: boolean }) =>
      inSession(program, async (session) =>
        (await import('../../cli/apply.ts')).apply(session, { ...options, force: options.forceConflicts === true }),
      ),
    );
}

function addGet(program: Command): void {
  program
    .command('get')
    .description('show objects')
    .argument('<type...>', typeArgument)
    .option('-o, --output <format>', 'wide, yaml, json or name')
    .option('-l, --selector <labels>', 'only objects with these labels')
    .option('--field-selector <fields>', 'only objects with these fields')
    .option('-A, --all-namespaces', 'of all namespaces')
    .option('-w, --watch', 'go on with a line for each change')
    .option('--show-labels', 'with a column of labels')
    .option('--no-headers', 'without the line of column names')
    .option('--ignore-not-found', 'what does not exist is no error')
    .action((words: string[], options: GetOptions) =>
      inSession(program, async (session) => (await import('../../cli/get.ts')).get(session, words, options)),
    );
}

function addDescribe(program: Command): void {
  program
    .command('describe')
    .description('show objects in detail, with their events')
    .argument('<type...>', typeArgument)
    .option('-l, --selector <labels>', 'only objects with these labels')
    .option('-A, --all-namespaces', 'of all namespaces')
    .action((words: string[], options: DescribeOptions) =>
      inSession(program, async (session) => (await import('../../cli/describe.ts')).describe(session, words, options)),
    );
}

function addWhy(program: Command): void {
  program
    .command('why')
    .description('say why something is as it is: the reason, the evidence and the next step')
    .argument('<type/name...>', 'such as pod/web, deployment/web, app/web or node/one')
    .action((words: string[]) =>
      inSession(program, async (session) => (await import('../../cli/why.ts')).why(session, words)),
    );
}

function addDelete(program: Command): void {
  program
    .command('delete')
    .description('delete objects and wait until they are gone')
    .argument('[type...]', 'TYPE NAME … or TYPE/NAME …')
    .option('-f, --filename <path>', 'what these manifests name; may be repeated', collect)
    .option('-R, --recursive', 'also the folders in folders')
    .option('-l, --selector <labels>', 'all objects of the type with these labels')
    .option('--all', 'all objects of the type in the namespace')
    .option('--grace-period <seconds>', 'time to stop in; 0 removes the object at once', wholeNumber())
    .option('--now', 'as --grace-period=1')
    .option('--force', 'as --grace-period=0')
    .option('--no-wait', 'do not wait until they are gone')
    .option('--timeout <duration>', 'wait no longer than this, such as 30s')
    .option('--ignore-not-found', 'what does not exist is no error')
    .option('--dry-run [server]', 'only say what would be deleted', dryRun)
    .action((words: string[], options: DeleteOptions) =>
      inSession(program, async (session) => (await import('../../cli/delete.ts')).remove(session, words, options)),
    );
}

function addLogs(program: Command): void {
  program
    .command('logs')
    .description('print what containers wrote')
    .argument('[pod]', 'POD, or TYPE/NAME for all pods behind it')
    .argument('[container]', 'as --container')
    .option('-c, --container <name>', 'the container, when there are several')
    .option('--all-containers', 'of all containers')
    .option('-l, --selector <labels>', 'of all pods with these labels')
    .option('-f, --follow', 'go on as more is written')
    .option('-p, --previous', 'of the run before the last restart')
    .option('--tail <lines>', 'only the last lines; -1 for all', wholeNumber(-1))
    .option('--since <duration>', 'only what is younger, such as 5m')
    .option('--since-time <time>', 'only what came after, such as 2026-01-31T12:00:00Z')
    .option('--timestamps', 'with the time of each line')
    .option('--prefix', 'with the name of the pod')
    .action((pod: string | undefined, container: string | undefined, options: LogsOptions) =>
      inSession(program, async (session) =>
        (await import('../../cli/logs.ts')).logs(session, pod, {
          ...(container === undefined ? {} : { container }),
          ...options,
        }),
      ),
    );
}
