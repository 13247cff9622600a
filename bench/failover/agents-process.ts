// Many pretending agents in a process of their own. Told what to do over the channel of `fork`.
import {
  startPretendAgents,
  type PretendAgents,
  type PretendAgentsOptions,
} from '../../test/support/pretend-agents.ts';

export type AgentsOrder =
  | { readonly start: Omit<PretendAgentsOptions, 'log'> }
  /** Answered when so many have registered since the given number of registrations. */
  | { readonly until: { readonly count: number; readonly since: number } }
  | { readonly ask: true };

export interface AgentsReport {
  /** How often agents have registered so far. */
  readonly registrations: number;
  /** Unix time of the last of those that were waited for; of the first. */
  readonly lastUnixMs?: number;
  readonly firstUnixMs?: number;
}

let agents: PretendAgents | undefined;

const report = (more: Partial<AgentsReport> = {}) =>
  process.send?.({ registrations: agents?.registrations.length ?? 0, ...more } satisfies AgentsReport);

process.on('message', (order: AgentsOrder) => {
  void obey(order).catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
    process.disconnect();
  });
});
process.once('disconnect', () => process.exit());

async function obey(order: AgentsOrder): Promise<void> {
  if ('start' in order) {
    agents = await startPretendAgents(order.start);
    await agents.registered(order.start.count);
    report();
  } else if ('until' in order) {
    const { count, since } = order.until;
    await agents?.registered(count, since);
    const times = (agents?.registrations ?? []).slice(since, since + count).map(({ unixMs }) => unixMs);
    report({ lastUnixMs: Math.max(...times), firstUnixMs: Math.min(...times) });
  } else report();
}
