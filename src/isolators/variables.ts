// `$(NAME)` in commands, arguments, variables and sub-paths. Pure.

/** Unknown names stay as they are; `$$` is one `$`, so `$$(NAME)` is never expanded (Kubernetes' rule). */
export function expandVariables(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\$\$|\$\(([^)]*)\)/g, (match, name: string | undefined) =>
    name === undefined ? '$' : (variables.get(name) ?? match),
  );
}
