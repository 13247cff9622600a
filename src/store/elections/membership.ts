// This server's own entry among the servers: there while its session lasts, rewritten at most once a second.
import { sleep } from '../../lib/clock.ts';
import type { Stat, WriteOp } from '../../zookeeper/zookeeper.ts';
import type { Member, ServerFacts } from '../election.ts';
import { ask, pauseBeforeRetry, type Ensemble } from '../../zookeeper/ask.ts';
import { encodeDocument, memberPath, serversPath } from './layout.ts';
import { createWake, type Wake } from '../../lib/wake.ts';

export interface Membership {
  report(position: { readonly sequence: number; readonly revision: number }): void;
  /** Keeps the entry until the signal aborts, then removes it when that is possible at once. */
  run(signal: AbortSignal): Promise<void>;
}

const writeEveryMs = 1000;

interface Entry {
  readonly path: string;
  wanted: Member;
  /** What stands there, and the session that it was written in; undefined: not known. */
  written: { readonly member: Member; readonly session: number } | undefined;
  nextWriteMs: number;
  /** To be woken when `wanted` changes. */
  changed: Wake;
}

export function createMembership(ensemble: Ensemble, self: ServerFacts): Membership {
  const { zookeeper } = ensemble;
  const entry: Entry = {
    path: memberPath(self.id),
    wanted: { ...self, sequence: 0, revision: 0 },
    written: undefined,
    nextWriteMs: 0,
    changed: createWake(),
  };
  return {
    report({ sequence, revision }) {
      if (entry.wanted.sequence === sequence && entry.wanted.revision === revision) return;
      entry.wanted = { ...self, sequence, revision };
      entry.changed.wake();
    },
    async run(signal) {
      await keep(ensemble, entry, signal).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
      const isOurs = entry.written?.session === zookeeper.session;
      if (zookeeper.state === 'connected' && isOurs) await zookeeper.write([{ kind: 'delete', path: entry.path }]);
      entry.written = undefined;
    },
  };
}

async function keep(ensemble: Ensemble, entry: Entry, signal: AbortSignal): Promise<void> {
  const { zookeeper, clock } = ensemble;
  // In a new cluster it is not there yet.
  await ask(ensemble, signal, () => zookeeper.ensurePath(serversPath));
  for (let failures = 0; ;) {
    const changed = createWake();
    entry.changed = changed;
    const stat = await ask(ensemble, signal, () => zookeeper.exists(entry.path, changed.wake));
    if (isTrue(ensemble, entry, stat)) {
      await changed.wait(signal);
      continue;
    }
    const waitMs = entry.nextWriteMs - clock.monotonicMs();
    if (waitMs > 0) await sleep(clock, waitMs, signal);
    failures = (await write(ensemble, entry, stat)) ? 0 : failures + 1;
    entry.nextWriteMs = clock.monotonicMs() + writeEveryMs;
    if (failures > 0) await pauseBeforeRetry(ensemble, failures, signal);
  }
}

function isTrue({ zookeeper }: Ensemble, { written, wanted }: Entry, stat: Stat | undefined): boolean {
  return stat?.owner === zookeeper.sessionId && written?.session === zookeeper.session && written.member === wanted;
}

/** Resolves with whether it was done. If not, the next look tells what there is. */
async function write({ zookeeper, log }: Ensemble, entry: Entry, stat: Stat | undefined): Promise<boolean> {
  const { path, wanted: member, written } = entry;
  const { session } = zookeeper;
  const isOthers = stat !== undefined && stat.owner !== zookeeper.sessionId;
  if (isOthers && written?.session === session) {
    log.warn({ path }, 'another process writes the entry of this server: each server needs a home of its own');
  }
  const outcome = await zookeeper.write(opsFor(path, encodeDocument(member), stat, isOthers), session);
  entry.written = outcome.kind === 'done' ? { member, session } : undefined;
  if (outcome.kind === 'done') return true;
  if (outcome.kind === 'refused' && outcome.code === 'no-node') {
    await zookeeper.ensurePath(serversPath).catch(() => undefined);
  }
  log.warn({ outcome }, 'this server could not be listed among the servers yet');
  return false;
}

/** An entry of another session was left by this server's former process or session, and would vanish some time later. */
function opsFor(path: string, data: Uint8Array, stat: Stat | undefined, isOthers: boolean): WriteOp[] {
  const create: WriteOp = { kind: 'create', path, data, ephemeral: true };
  if (!stat) return [create];
  return isOthers ? [{ kind: 'delete', path }, create] : [{ kind: 'set', path, data }];
}
