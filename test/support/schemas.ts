// The project's schemas, read once for all tests, and a validator over them.
import { join } from 'node:path';
import { createValidator } from '../../src/api/create-validator.ts';
import { readSchemas } from '../../src/apiserver/read-schemas.ts';

/** `schemas/` of the repository, seen from the compiled tests. */
export const schemasFolder = join(import.meta.dirname, '../../../schemas');

export const definitions = await readSchemas(schemasFolder);
export const validator = createValidator(definitions);
