// Waits for a condition of something that does not tell when it changes.

/** Resolves with the first value that is neither false nor undefined; fails with `what` after `limitMs`. */
export async function eventually<T>(
  what: string,
  condition: () => T | false | undefined | Promise<T | false | undefined>,
  limitMs = 15_000,
): Promise<T> {
  const endMs = performance.now() + limitMs;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > endMs) throw new Error(`waited ${String(limitMs)} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
