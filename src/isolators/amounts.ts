// Quantities of Kubernetes as numbers that the kernel's interfaces take.
import { parseQuantity, quantityProblem } from '../api/quantity.ts';
import { configError } from './isolation-error.ts';

/** `250m` → 0.25, `64Mi` → 67108864, `1e3` → 1000. Throws IsolationError when the text is not a quantity; `path` names it. */
export function parseAmount(text: string | number, path: string): number {
  const problem = quantityProblem(text);
  if (problem !== undefined) throw configError(`${path}: ${problem}`);
  return Number(parseQuantity(text).nanos) / 1e9;
}

/** `undefined` stays so. */
export function optionalAmount(text: string | number | undefined, path: string): number | undefined {
  return text === undefined ? undefined : parseAmount(text, path);
}

/** Bytes for people: `64.0 MiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 2 ** (10 * power)).toFixed(power === 0 ? 0 : 1)} ${units[power] ?? 'B'}`;
}
