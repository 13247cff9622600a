// What the agent remembers of the servers: where their gateways are, and the newest epoch, so that no older leader is obeyed.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorText } from '../lib/error-text.ts';
import type { Log } from '../lib/log.ts';

export interface KnownServers {
  /** `HOST:PORT`, the one that leads first, as far as is known. */
  readonly gateways: readonly string[];
  /** The highest that a leader has shown. */
  readonly epoch: number;
  /** What somebody says who does not lead: new gateways are added, the order is taken over. */
  learn(gateways: readonly string[]): void;
  /** What a leader says, reached at `address`: the gateways are these, and those that the agent was started with. */
  follow(epoch: number, gateways: readonly string[], address: string): void;
  /** Called when there are new gateways. Returns how to stop. */
  onChange(listener: () => void): () => void;
  /** Resolves when what is known is on disk. */
  flushed(): Promise<void>;
}

/** More than any cluster has servers: a list that only grows must end somewhere. */
const mostGateways = 64;

/** @param configured gateways that are always tried */
export async function loadKnownServers(
  directory: string,
  configured: readonly string[],
  log: Log,
): Promise<KnownServers> {
  const path = join(directory, 'servers.json');
  const saved = await readSaved(path);
  const listeners = new Set<() => void>();
  let epoch = saved.epoch;
  let gateways = unique([...saved.gateways, ...configured]);
  let onDisk = JSON.stringify(saved);
  let writing: Promise<void> | undefined;

  const save = async () => {
    for (let text = textOf(); text !== onDisk; text = textOf()) {
      onDisk = text;
      await mkdir(directory, { recursive: true, mode: 0o700 });
      await writeFile(`${path}.new`, text, { mode: 0o600 });
      await rename(`${path}.new`, path);
    }
  };
  const textOf = () => JSON.stringify({ epoch, gateways });
  const changed = (next: readonly string[]) => {
    gateways = next;
    writing ??= save()
      .catch((error: unknown) => log.error({ path, error: errorText(error) }, 'cannot remember the servers'))
      .finally(() => (writing = undefined));
    for (const listener of [...listeners]) listener();
  };

  return {
    get gateways() {
      return gateways;
    },
    get epoch() {
      return epoch;
    },
    learn: (news) => changed(unique([...news, ...gateways])),
    follow(newest, news, address) {
      epoch = Math.max(epoch, newest);
      changed(unique([...news, address, ...configured]));
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    flushed: () => writing ?? Promise.resolve(),
  };
}

const unique = (list: readonly string[]): readonly string[] => [...new Set(list)].slice(0, mostGateways);

interface Saved {
  readonly epoch: number;
  readonly gateways: readonly string[];
}

async function readSaved(path: string): Promise<Saved> {
  try {
    const { epoch, gateways } = JSON.parse(await readFile(path, 'utf8')) as Partial<Saved>;
    return { epoch: epoch ?? 0, gateways: Array.isArray(gateways) ? gateways.map(String) : [] };
  } catch {
    // Absent or torn: the servers that the agent was started with tell the rest.
    return { epoch: 0, gateways: [] };
  }
}
