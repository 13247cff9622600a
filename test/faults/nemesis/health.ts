// Whether the whole system works: every server answers reads and writes as the leader would, all nodes are ready.
import type { System } from '../cluster/system.ts';
import { connectServer, type Answer, type Document, type NoAnswer } from '../load/server-connection.ts';

/** What is not well, in words; empty: everything is. */
export type Health = () => Promise<readonly string[]>;

const probePath = '/api/v1/namespaces/default/configmaps';

export function createHealth({ servers, agents }: System): Health {
  return async () => {
    const problems = await Promise.all(servers.map(({ name, kubeconfig }) => serverProblems(name, kubeconfig)));
    const [first] = servers;
    const nodes = first
      ? await nodeProblems(
          first.kubeconfig,
          agents.map(({ nodeName }) => nodeName),
        )
      : [];
    return [...problems.flat(), ...nodes];
  };
}

async function serverProblems(name: string, kubeconfig: string): Promise<string[]> {
  const server = connectServer(kubeconfig);
  try {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: `probe-${name}-` } };
    const written = await server.call('POST', probePath, object);
    if (written.kind === 'none' || written.status >= 300) return [`${name} takes no write: ${explain(written)}`];
    const path = `${probePath}/${written.body.metadata?.name ?? ''}`;
    const read = await server.call('GET', path);
    await server.call('DELETE', path);
    const isFresh = read.kind === 'answer' && read.status === 200 && !read.stale;
    return isFresh ? [] : [`${name} does not show the newest state: ${explain(read)}`];
  } finally {
    server.close();
  }
}

const explain = (answer: Answer | NoAnswer): string =>
  answer.kind === 'none'
    ? answer.why
    : `${String(answer.status)} ${answer.body.message ?? ''}${answer.stale ? ' (stale)' : ''}`;

interface NodeDocument extends Document {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

async function nodeProblems(kubeconfig: string, names: readonly string[]): Promise<string[]> {
  const server = connectServer(kubeconfig);
  try {
    const answer = await server.call('GET', '/api/v1/nodes');
    if (answer.kind === 'none' || answer.status !== 200) return [`nodes cannot be listed: ${explain(answer)}`];
    const nodes = (answer.body.items ?? []) as readonly NodeDocument[];
    const isReady = (name: string) =>
      nodes
        .find(({ metadata }) => metadata?.name === name)
        ?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true;
    return names.filter((name) => !isReady(name)).map((name) => `node ${name} is not ready`);
  } finally {
    server.close();
  }
}
