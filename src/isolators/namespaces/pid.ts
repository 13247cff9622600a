// namespaces/pid: a container sees its own processes only; those of its pod with shareProcessNamespace.
import type { Isolator } from '../isolator.ts';

export function createPidNamespaceIsolator(): Isolator {
  return {
    name: 'namespaces/pid',
    prepare({ pod, pidNamespaceHolder }, spec) {
      if (pod.pod.spec?.hostPID === true) return;
      spec.linux.namespaces.push(
        pidNamespaceHolder === undefined
          ? { type: 'pid' }
          : { type: 'pid', path: `/proc/${pidNamespaceHolder}/ns/pid` },
      );
    },
  };
}
