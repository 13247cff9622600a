// The commands that run the cluster: `dev` for one machine, `agent` for every node of a larger one.
import { setFlagsFromString } from 'node:v8';
import { Option, type Command } from 'commander';
import type { AgentOptions } from '../agent.ts';
import type { DevOptions } from '../dev.ts';
import type { ServerOptions } from '../server.ts';
import { holdOpen } from '../hold-open.ts';
import { port, seconds, wholeNumber } from './arguments.ts';

const nodeGrace = () =>
  new Option('--node-grace <seconds>', 'silence after which a node counts as unreachable')
    .argParser(wholeNumber(1))
    .hideHelp();

export function addClusterCommands(program: Command): void {
  program
    .command('dev')
    .description('run a cluster on this machine: one server and its agents, with an embedded journal')
    .option('--home <dir>', 'where everything is kept (default: TEPUI_HOME, else ~/.tepui)')
    .option('--api-port <port>', 'port of the Kubernetes API, 0 for any free one', port, 6443)
    .option('--mesos-port <port>', 'port of the Mesos master face, 0 for any free one', port, 5050)
    .option('--agent-port <port>', 'port of the first agent’s Mesos face, 0 for any free one', port, 5051)
    .option('--zk <url>', 'keep the journal in ZooKeeper instead: zk://host:port,…/path')
    .option('--session-timeout <seconds>', 'with --zk: silence after which the session ends', seconds, 6)
    .option('--nodes <count>', 'number of agents; each gets its share of the machine', wholeNumber(1, 1000), 1)
    .addOption(nodeGrace())
    .option('--down', 'stop what runs and remove everything that was made under the home')
    .action(async (options: DevOptions & { down?: boolean }) => {
      if (options.down === true) await holdOpen((await import('../down.ts')).down(options));
      else {
        // Before anything is loaded: garbage is collected earlier and the heap stays smaller (docs/performance.md).
        setFlagsFromString('--optimize-for-size');
        await (await import('../dev.ts')).dev(options);
      }
    });

  program
    .command('server')
    .description('run one of the servers that share a ZooKeeper path and are one cluster')
    .requiredOption('--zk <url>', 'zk://[user:password@]host:port,…/path: where the cluster keeps its state')
    .option('--token <token>', 'of tepui token create; a server that joins needs it at its first start')
    .option('--home <dir>', 'where certificates, kubeconfig and log are kept (default: TEPUI_HOME, else ~/.tepui)')
    .option('--host <address>', 'address to listen on (default: 0.0.0.0; 127.0.0.1 when ZooKeeper is on loopback)')
    .option('--advertise <host>', 'how other machines reach this one (default: its first address)')
    .option('--api-port <port>', 'port of the Kubernetes API, 0 for any free one', port, 6443)
    .option('--gateway-port <port>', 'port where agents connect, 0 for any free one', port, 6444)
    .option('--mesos-port <port>', 'port of the Mesos master face, 0 for any free one', port, 5050)
    .option('--session-timeout <seconds>', 'silence after which another server takes over', seconds, 6)
    .addOption(nodeGrace())
    .action(async (options: ServerOptions) => {
      await holdOpen((await import('../server.ts')).server(options));
    });

  program
    .command('agent')
    .description('run the node agent: it joins a cluster through any of its servers and runs what is placed here')
    .requiredOption('--server <host:port,…>', 'addresses of the servers’ APIs, at least one of the cluster')
    .option('--token <token>', 'join token (tepui token create); needed for the first start only')
    .option(
      '--home <dir>',
      'where the agent keeps what it runs (default: /var/lib/tepui/agent, ~/.tepui-agent without root)',
    )
    .option('--node-name <name>', 'name of the Node (default: the machine’s)')
    .option('--port <port>', 'port of the Mesos agent face, 0 for any free one', port, 5051)
    .option('--host <addr>', 'address to serve at (default: the one that reaches the servers)')
    .addOption(hidden('--ca <file>', 'certificate of the cluster’s authority, PEM: --server then names gateways'))
    .addOption(hidden('--token-file <file>', 'file with the join token'))
    .addOption(
      hidden('--shares <count>', 'agents among which the machine is divided').argParser(wholeNumber(1)).default(1),
    )
    .addOption(hidden('--hide <dir>', 'a folder that no container may see'))
    .addOption(hidden('--exit-with-parent', 'end when standard input closes'))
    .action(async (options: AgentOptions) => holdOpen((await import('../agent.ts')).agent(options)));
}

/** For `tepui dev`, which starts agents for itself. */
const hidden = (flags: string, description: string) => new Option(flags, description).hideHelp();
