// Finds the files that ship beside the code (proto/, schemas/), whether it runs from src/ or from dist/.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Absolute path of a file of this package, given relative to the folder of its package.json. */
export function packagePath(...segments: readonly string[]): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder)
      throw new Error(`no package.json above ${import.meta.dirname}: is the installation complete?`);
    folder = parent;
  }
  return join(folder, ...segments);
}
