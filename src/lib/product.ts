// What this program calls itself.
import { readFileSync } from 'node:fs';
import { packagePath } from './package-root.ts';

/** Version of package.json. */
export const productVersion: string = (
  JSON.parse(readFileSync(packagePath('package.json'), 'utf8')) as { version: string }
).version;

/** The level of the Mesos API that our Mesos faces speak; clients test for it. */
export const mesosVersion = '1.11.0';
