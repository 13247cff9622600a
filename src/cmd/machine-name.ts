// The machine's name in the form that a Node may have.
import { hostname } from 'node:os';

/** `node` when the machine has none that fits. */
export function machineName(): string {
  const fitting = hostname()
    .toLowerCase()
    .replace(/[^a-z0-9.-]/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
  return fitting || 'node';
}
