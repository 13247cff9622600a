// Environment variables as the `NAME=value` list of a process.

/** Adds the variable unless the user has set it. */
export function setDefaultEnv(env: string[], name: string, value: string): void {
  if (!env.some((entry) => entry.startsWith(`${name}=`))) env.push(`${name}=${value}`);
}
