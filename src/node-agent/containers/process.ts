// What a container runs: command and arguments from container and image, variables, working directory. Pure.
import type { Container } from '../../api/types.gen.ts';
import { configError } from '../../isolators/isolation-error.ts';
import { hostnameOf } from '../../isolators/namespaces/uts.ts';
import { expandVariables } from '../../isolators/variables.ts';
import type { ImageConfig } from '../images/oci-layout.ts';
import { containerVariables, type EnvironmentSource } from './environment.ts';

export interface ProcessPlan {
  readonly args: string[];
  readonly env: string[];
  /** Empty: an isolator chooses. */
  readonly cwd: string;
}

const usualPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Throws IsolationError when there is nothing to run or a variable cannot be made. */
export function planProcess(source: EnvironmentSource, image: ImageConfig | undefined): ProcessPlan {
  const own = containerVariables(source);
  const inherited = (image?.env ?? []).map((entry): [string, string] => {
    const split = entry.indexOf('=');
    return [entry.slice(0, split), entry.slice(split + 1)];
  });
  const variables = new Map([['PATH', usualPath], ['HOSTNAME', hostnameOf(source.pod)], ...inherited, ...own]);
  const { container } = source;
  return {
    args: commandLine(container, image, own),
    env: [...variables].map(([name, value]) => `${name}=${value}`),
    cwd: container.workingDir ?? image?.workingDir ?? '',
  };
}

/** The container's command replaces the image's entrypoint and its arguments; args alone replace the latter. */
function commandLine(
  container: Container,
  image: ImageConfig | undefined,
  variables: ReadonlyMap<string, string>,
): string[] {
  const expand = (parts: readonly string[] | undefined) =>
    (parts ?? []).map((part) => expandVariables(part, variables));
  const command = expand(container.command);
  const args = expand(container.args);
  const line =
    command.length > 0
      ? [...command, ...args]
      : [...(image?.entrypoint ?? []), ...(args.length > 0 ? args : (image?.cmd ?? []))];
  if (line.length > 0 && (image || command.length > 0)) return line;
  const problem = image ? 'its image has neither entrypoint nor command' : 'it has neither an image nor a command';
  throw configError(`containers[${container.name}]: ${problem}; set command`);
}
