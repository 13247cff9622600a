// Waits for a condition that nobody announces.
import { setTimeout as pause } from 'node:timers/promises';

/** Resolves when `holds` does. The test's own time limit ends the wait. */
export async function eventually(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(2);
}
