// Pods as tests need them: small, bound to a node, with the fields that matter named.
import type { Container, Node, Pod, PodSpec } from '../../src/api/types.gen.ts';

interface PodOptions extends Partial<PodSpec> {
  readonly metadata?: Partial<Pod['metadata']>;
}

/** One container `web`, policy Always, on node `n`; the uid is the name with a prefix. */
export function testPod(name: string, { metadata, ...spec }: PodOptions = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', uid: `uid-${name}`, ...metadata },
    spec: { nodeName: 'n', restartPolicy: 'Always', containers: [testContainer('web')], ...spec },
  };
}

export function testContainer(name: string, rest: Partial<Container> = {}): Container {
  return { name, command: ['sleep'], ...rest };
}

export const testNode = (name: string): Node => ({ apiVersion: 'v1', kind: 'Node', metadata: { name } });
