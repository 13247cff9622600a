// JSON objects as patches see them.

export type JsonObject = Readonly<Record<string, unknown>>;

/** An object, not null and not an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A copy without the keys whose value is null or undefined, all the way down; the same value when there is none. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(withoutNulls);
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  if (!isJsonObject(value)) return value;
  let isSame = true;
  const entries: [string, unknown][] = [];
  for (const [key, child] of Object.entries(value)) {
    const cleaned = child === null || child === undefined ? undefined : withoutNulls(child);
    if (cleaned !== child || cleaned === undefined) isSame = false;
    if (cleaned !== undefined) entries.push([key, cleaned]);
  }
  return isSame ? value : Object.fromEntries(entries);
}

/** A copy without these fields. */
export function omit<T extends object, K extends keyof T>(object: T, ...fields: readonly K[]): Omit<T, K> {
  const gone = new Set<PropertyKey>(fields);
  return Object.fromEntries(Object.entries(object).filter(([field]) => !gone.has(field))) as Omit<T, K>;
}
