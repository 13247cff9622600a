// Kubernetes quantities ("500m", "1Gi", "1e3", 2) as exact integers, and back in canonical form.
// Grammar and rounding follow the Kubernetes API conventions: nothing finer than 10^-9 exists, and rounding is upwards.
import { StatusError } from './status-error.ts';

/** How a quantity was written; canonical text keeps it. */
export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent';

export interface ExactQuantity {
  /** The amount in 10^-9 units. */
  readonly nanos: bigint;
  readonly format: QuantityFormat;
}

const nano = 1_000_000_000n;

const decimalUnits: readonly (readonly [suffix: string, nanos: bigint])[] = [
  ['E', 10n ** 27n],
  ['P', 10n ** 24n],
  ['T', 10n ** 21n],
  ['G', 10n ** 18n],
  ['M', 10n ** 15n],
  ['k', 10n ** 12n],
  ['', nano],
  ['m', 1_000_000n],
  ['u', 1_000n],
  ['n', 1n],
];

const binaryUnits: readonly (readonly [suffix: string, nanos: bigint])[] = [
  ['Ei', 2n ** 60n * nano],
  ['Pi', 2n ** 50n * nano],
  ['Ti', 2n ** 40n * nano],
  ['Gi', 2n ** 30n * nano],
  ['Mi', 2n ** 20n * nano],
  ['Ki', 2n ** 10n * nano],
];

const multipliers: ReadonlyMap<string, bigint> = new Map([...decimalUnits, ...binaryUnits]);
const shape = /^([+-]?)(\d+\.?\d*|\.\d+)([A-Za-z]*|[eE][+-]?\d+)$/;
const exponentShape = /^[eE]([+-]?\d+)$/;
const largestExponent = 30;

/** Reads a quantity. Throws StatusError BadRequest that says what was found and what is expected. */
export function parseQuantity(value: string | number): ExactQuantity {
  const parsed = tryParse(value);
  if (typeof parsed === 'string') throw new StatusError('BadRequest', parsed);
  return parsed;
}

/** What is wrong with a quantity, as text for an error; undefined when nothing is. */
export function quantityProblem(value: string | number): string | undefined {
  const parsed = tryParse(value);
  return typeof parsed === 'string' ? parsed : undefined;
}

/**
 * A warning for amounts of memory whose unit is probably a slip: `128m` is 0.128 bytes, `128Mi` was meant.
 * Undefined when the amount is plausible or not a quantity at all.
 */
export function memoryUnitHint(value: string | number): string | undefined {
  const parsed = tryParse(value);
  if (typeof parsed === 'string' || parsed.nanos === 0n || parsed.nanos % nano === 0n) return undefined;
  const text = String(value);
  const meant = text.endsWith('m') ? ` Did you mean ${text.slice(0, -1)}Mi?` : '';
  return `${text} of memory is a fraction of a byte ("m" stands for thousandths).${meant}`;
}

/** Thousandths, rounded up: the unit of cpu. Throws as `parseQuantity`, and when the number is too large to be exact. */
export function milliOf(value: string | number): number {
  return safe(divideUp(parseQuantity(value).nanos, 1_000_000n), value);
}

/** Whole units (bytes for memory), rounded up. Throws as `milliOf`. */
export function unitsOf(value: string | number): number {
  return safe(divideUp(parseQuantity(value).nanos, nano), value);
}

/** The canonical text: no fraction, the largest suffix that leaves an integer, in the format it was written in. */
export function canonicalQuantity(value: string | number): string {
  return formatQuantity(parseQuantity(value));
}

/** Canonical text of an exact amount. Binary amounts that are small or not whole fall back to decimal suffixes. */
export function formatQuantity({ nanos, format }: ExactQuantity): string {
  if (nanos === 0n) return '0';
  if (format === 'BinarySI' && nanos % nano === 0n && magnitude(nanos) >= 1024n * nano) {
    return withLargestUnit(nanos, binaryUnits) ?? String(nanos / nano);
  }
  const decimal = withLargestUnit(nanos, decimalUnits) ?? `${String(nanos)}n`;
  return format === 'DecimalExponent' ? asExponent(decimal) : decimal;
}

/** Text for an amount of cpu in thousandths: `1500` → `1500m`, `2000` → `2`. */
export function formatMilli(milli: number): string {
  return formatQuantity({ nanos: BigInt(milli) * 1_000_000n, format: 'DecimalSI' });
}

/** Text for an amount in bytes: `134217728` → `128Mi`. */
export function formatBytes(bytes: number): string {
  return formatQuantity({ nanos: BigInt(bytes) * nano, format: 'BinarySI' });
}

/** Negative, zero or positive, as `a` is less than, equal to or greater than `b`. */
export function compareQuantities(a: string | number, b: string | number): number {
  const difference = parseQuantity(a).nanos - parseQuantity(b).nanos;
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

function tryParse(value: string | number): ExactQuantity | string {
  const text = String(value);
  const match = shape.exec(text);
  if (!match)
    return `${JSON.stringify(value)} is not a quantity: expected a number with an optional unit, such as 500m, 2, 128Mi or 1e3`;
  const [, sign = '', digits = '', suffix = ''] = match;
  const unit = unitOf(suffix);
  if (unit === undefined)
    return `${JSON.stringify(value)} has the unknown unit "${suffix}": expected one of n u m k M G T P E Ki Mi Gi Ti Pi Ei, or an exponent up to e${largestExponent}`;
  const [whole = '', fraction = ''] = digits.split('.');
  const scaled = divideUp(
    BigInt(`${whole}${fraction}`) * unit.numerator,
    unit.denominator * 10n ** BigInt(fraction.length),
  );
  return { nanos: sign === '-' ? -scaled : scaled, format: unit.format };
}

interface Unit {
  readonly numerator: bigint;
  readonly denominator: bigint;
  readonly format: QuantityFormat;
}

function unitOf(suffix: string): Unit | undefined {
  const numerator = multipliers.get(suffix);
  if (numerator !== undefined)
    return { numerator, denominator: 1n, format: suffix.endsWith('i') ? 'BinarySI' : 'DecimalSI' };
  const exponent = Number(exponentShape.exec(suffix)?.[1] ?? Number.NaN);
  if (Number.isNaN(exponent) || Math.abs(exponent) > largestExponent) return undefined;
  const power = 10n ** BigInt(Math.abs(exponent));
  return {
    numerator: exponent > 0 ? nano * power : nano,
    denominator: exponent < 0 ? power : 1n,
    format: 'DecimalExponent',
  };
}

function withLargestUnit(nanos: bigint, units: readonly (readonly [string, bigint])[]): string | undefined {
  const unit = units.find(([, size]) => nanos % size === 0n);
  return unit && `${String(nanos / unit[1])}${unit[0]}`;
}

const exponents: Readonly<Record<string, string>> = {
  E: 'e18',
  P: 'e15',
  T: 'e12',
  G: 'e9',
  M: 'e6',
  k: 'e3',
  m: 'e-3',
  u: 'e-6',
  n: 'e-9',
};

function asExponent(decimal: string): string {
  const suffix = decimal.slice(-1);
  const exponent = exponents[suffix];
  return exponent === undefined ? decimal : decimal.slice(0, -1) + exponent;
}

/** Away from zero. */
function divideUp(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  if (dividend % divisor === 0n) return quotient;
  return dividend < 0n ? quotient - 1n : quotient + 1n;
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function safe(amount: bigint, value: string | number): number {
  const result = Number(amount);
  if (!Number.isSafeInteger(result))
    throw new StatusError('BadRequest', `${JSON.stringify(value)} is too large: amounts up to 2^53 are exact`);
  return result;
}
