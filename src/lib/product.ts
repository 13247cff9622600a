// What this program calls itself.
import { readFileSync } from 'node:fs';
import { packagePath } from './package-root.ts';

/** Version of package.json. */
export const productVersion: string = (
  JSON.parse(readFileSync(packagePath('package.json'), 'utf8')) as { version: string }
).version;
