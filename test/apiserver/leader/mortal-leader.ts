// A leader that a test can kill: a process of its own that answers every request with a list that goes on and on.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { listen } from '../../../src/apiserver/node-http.ts';
import type { Handler } from '../../../src/api/request.ts';

export interface MortalLeader {
  readonly url: string;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
}

interface Identity {
  readonly key: string;
  readonly cert: string;
  readonly ca: string;
}

const host = '127.0.0.1';

export async function startMortalLeader(identity: Identity): Promise<MortalLeader> {
  const child = fork(fileURLToPath(import.meta.url), [], { stdio: 'inherit' });
  child.send(identity);
  const [port] = (await Promise.race([once(child, 'message'), died(child)])) as [number];
  const gone = once(child, 'exit');
  return {
    url: `https://${host}:${String(port)}`,
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

async function died(child: ChildProcess): Promise<never> {
  const [code] = (await once(child, 'exit')) as [number | null];
  throw new Error(`the leader ended before it listened, with code ${String(code)}`);
}

const item = Buffer.from(`{"metadata":{"name":"${'n'.repeat(4000)}"}},`);

async function* endlessList(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('{"kind":"ConfigMapList","items":[');
  for (;;) {
    await new Promise((resolve) => setImmediate(resolve));
    yield item;
  }
}

const answer: Handler = () =>
  Promise.resolve({ status: 200, headers: { 'content-type': 'application/json' }, body: endlessList() });

async function lead(identity: Identity): Promise<void> {
  const { port } = await listen({ ...identity, handler: answer, host, port: 0 });
  process.send?.(port);
}

if (process.send !== undefined && process.argv[1] === fileURLToPath(import.meta.url)) {
  // Does not outlive the test.
  process.once('disconnect', () => process.exit());
  process.once('message', (identity: Identity) => void lead(identity));
}
