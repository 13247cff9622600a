// Quantities of Kubernetes as numbers that the kernel's interfaces take.
import { configError } from './isolation-error.ts';

const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** `250m` → 0.25, `64Mi` → 67108864, `1e3` → 1000. Throws when the text is not a quantity; `path` names it. */
export function parseAmount(text: string | number, path: string): number {
  const match = /^([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|)$/.exec(String(text));
  const amount = match ? Number(match[1]) * (factors[match[2] ?? ''] ?? Number.NaN) : Number.NaN;
  if (Number.isNaN(amount)) {
    throw configError(`${path}: expected a quantity such as "250m" or "64Mi", found ${JSON.stringify(text)}`);
  }
  return amount;
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
