// What this program calls itself.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The package's root folder: where schemas/, proto/ and manifests/ lie, in a checkout as in an installed package. */
export const packageRoot = fileURLToPath(new URL('../../..', import.meta.url));

/** Version of package.json. */
export const productVersion: string = (
  JSON.parse(readFileSync(new URL('package.json', `file://${packageRoot}`), 'utf8')) as { version: string }
).version;
