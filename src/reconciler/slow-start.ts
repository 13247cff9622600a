// Many equal writes, careful at first: one, then two, then four at once, … so that a cluster that refuses is asked little.

/** Stops after the first batch with a failure. Returns how many succeeded, and the first error. */
export async function slowStart(
  count: number,
  action: () => Promise<void>,
): Promise<{ readonly succeeded: number; readonly error?: unknown }> {
  let succeeded = 0;
  for (let batch = 1; succeeded < count; batch *= 2) {
    const size = Math.min(batch, count - succeeded);
    const outcomes = await Promise.allSettled(Array.from({ length: size }, action));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    succeeded += outcomes.filter((outcome) => outcome.status === 'fulfilled').length;
    if (failed) return { succeeded, error: failed.reason };
  }
  return { succeeded };
}
