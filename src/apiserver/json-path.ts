// Reading JSON values of unknown shape, one step at a time.

export type JsonRecord = Readonly<Record<string, unknown>>;

/** An object that is no array; anything else reads as an empty one. */
export function recordAt(value: unknown, ...path: readonly string[]): JsonRecord {
  const found = valueAt(value, ...path);
  return isRecord(found) ? found : {};
}

/** An array; anything else reads as an empty one. */
export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = valueAt(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** Text; anything else reads as the empty one. */
export function textAt(value: unknown, ...path: readonly string[]): string {
  const found = valueAt(value, ...path);
  return typeof found === 'string' ? found : '';
}

export function numberAt(value: unknown, ...path: readonly string[]): number | undefined {
  const found = valueAt(value, ...path);
  return typeof found === 'number' ? found : undefined;
}

export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  let current = value;
  for (const step of path) {
    if (!isRecord(current)) return undefined;
    current = current[step];
  }
  return current;
}

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A copy without these fields. */
export function without<T extends object, K extends keyof T>(object: T, ...fields: readonly K[]): Omit<T, K> {
  const dropped: readonly PropertyKey[] = fields;
  return Object.fromEntries(Object.entries(object).filter(([name]) => !dropped.includes(name))) as Omit<T, K>;
}

/** A copy with `spec` changed by `change`. */
export function withSpec<T extends object>(object: T, change: JsonRecord): T {
  return { ...object, spec: { ...recordAt(object, 'spec'), ...change } };
}
