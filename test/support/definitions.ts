// All definitions of schemas/, as the server reads them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deepFreeze } from '../../src/lib/deep.ts';
import type { SchemaDefinitions } from '../../src/api/schema.ts';

/** Frozen, so that a function which changes what it is given fails. */
export const definitions: SchemaDefinitions = deepFreeze(readDefinitions());

function readDefinitions(): SchemaDefinitions {
  const files = readdirSync('schemas', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'));
  const read = files.map((file) => JSON.parse(readFileSync(join('schemas', file), 'utf8')) as { $defs?: object });
  return Object.assign({}, ...read.map((schema) => schema.$defs ?? {})) as SchemaDefinitions;
}
