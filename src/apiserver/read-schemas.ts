// Reads schemas/ from disk: the one place where definitions come from files.
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createSchemaSet } from '../api/schema-set.ts';
import type { SchemaDefinitions } from '../api/schema.ts';

/**
 * Every `.json` file below a folder as one set of definitions, in the order of their paths. Rejects with the name of a
 * file that is not JSON.
 */
export async function readSchemas(folder: string): Promise<SchemaDefinitions> {
  const found = await readdir(folder, { recursive: true });
  const files = found.filter((name) => name.endsWith('.json')).sort();
  return createSchemaSet(await Promise.all(files.map((name) => readJson(join(folder, name)))));
}

async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not JSON: ${(error as Error).message}`, { cause: error });
  }
}
