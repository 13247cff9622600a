// Numbers from a seed: the same seed makes the same run, as far as the run does not depend on the machine's speed.

export interface Random {
  /** A whole number from 0 up to, not including, the limit. */
  below(limit: number): number;
  pick<T>(choices: readonly T[]): T;
}

/** A linear congruential generator (Numerical Recipes). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const below = (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  return { below, pick: <T>(choices: readonly T[]): T => choices[below(choices.length)] as T };
}
