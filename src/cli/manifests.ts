// Reads manifests: files, folders, standard input; YAML or JSON, several documents a file. Errors name file and line.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LineCounter, parseAllDocuments } from 'yaml';
import type { ApiObject } from '../api/object.ts';
import { StatusError } from '../api/status-error.ts';

export interface Manifest {
  readonly object: ApiObject;
  /** `app.yaml:12`: where the document begins. */
  readonly source: string;
}

const extensions = ['.yaml', '.yml', '.json'];

/** @param paths files, folders (their own files only, unless `recursive`), `-` for standard input */
export function readManifests(paths: readonly string[], recursive = false): Manifest[] {
  const manifests = paths.flatMap((path) => filesOf(path, recursive)).flatMap((file) => parseFile(file));
  if (manifests.length === 0) throw new StatusError('BadRequest', `no objects found in ${paths.join(', ')}`);
  return manifests;
}

function filesOf(path: string, recursive: boolean): string[] {
  if (path === '-') return [path];
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) throw new StatusError('BadRequest', `the path "${path}" does not exist`);
  if (!stat.isDirectory()) return [path];
  return readdirSync(path, { recursive, withFileTypes: true })
    .filter((entry) => entry.isFile() && extensions.some((extension) => entry.name.endsWith(extension)))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function parseFile(file: string): Manifest[] {
  return parseManifests(readFileSync(file === '-' ? 0 : file, 'utf8'), file === '-' ? 'standard input' : file);
}

/** @param name what errors call the text. Lists are taken apart. */
export function parseManifests(text: string, name: string): Manifest[] {
  const lineCounter = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter, uniqueKeys: true });
  return documents.flatMap((document) => {
    const [error] = document.errors;
    if (error) {
      const { line, col } = lineCounter.linePos(error.pos[0]);
      throw new StatusError(
        'BadRequest',
        `${name}:${String(line)}:${String(col)}: ${error.message.split('\n')[0] ?? ''}`,
      );
    }
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    if (value === null || value === undefined) return [];
    const { line } = lineCounter.linePos(document.contents?.range[0] ?? 0);
    return toManifests(value, `${name}:${String(line)}`);
  });
}

function toManifests(value: unknown, source: string): Manifest[] {
  const fields = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  for (const field of ['apiVersion', 'kind']) {
    if (typeof fields[field] === 'string' && fields[field] !== '') continue;
    throw new StatusError('BadRequest', `${source}: ${field} is missing: every object says its apiVersion and kind`);
  }
  if (fields['kind'] === 'List' && Array.isArray(fields['items'])) {
    return fields['items'].flatMap((item) => toManifests(item, source));
  }
  return [{ object: { metadata: {}, ...fields } as unknown as ApiObject, source }];
}
