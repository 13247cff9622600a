// What a check found: each violation in a sentence that names the operations, and how much was looked at.

export interface Verdict {
  /** What was checked, for the report: `412 operations on 30 keys`. */
  readonly looked: string;
  readonly violations: readonly string[];
  /** What could not be decided within bounds. */
  readonly undecided: readonly string[];
}

export const verdict = (looked: string, violations: readonly string[], undecided: readonly string[] = []): Verdict => ({
  looked,
  violations,
  undecided,
});
