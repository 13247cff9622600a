// The machine's name in the form that names of nodes and servers have.
import { hostname } from 'node:os';

/** Lower-case letters, digits, `-` and `.`; `node` when nothing of the name fits. */
export function machineName(): string {
  return (
    hostname()
      .toLowerCase()
      .replace(/[^a-z0-9.-]/g, '-')
      .replace(/^[-.]+|[-.]+$/g, '') || 'node'
  );
}
