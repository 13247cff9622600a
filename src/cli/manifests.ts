// Reads manifests: files, folders, standard input; YAML or JSON, several documents a file. Errors name file and line.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LineCounter, parseAllDocuments, type Document } from 'yaml';
import type { ApiObject } from '../api/object.ts';
import { StatusError } from '../api/status-error.ts';
import { parseFieldPath, positionOf, type PathSegment } from './field-position.ts';

export interface Manifest {
  readonly object: ApiObject;
  /** `app.yaml:12`: where the document begins. */
  readonly source: string;
  /** `app.yaml:17:11`: where a field such as `spec.containers[0].image` stands, or what should contain it. */
  locate(fieldPath: string): string;
}

const extensions = ['.yaml', '.yml', '.json'];

/** @param paths files, folders (their own files only, unless `recursive`), `-` for standard input */
export function readManifests(paths: readonly string[], recursive = false): Manifest[] {
  const manifests = paths.flatMap((path) => filesOf(path, recursive)).flatMap((file) => parseFile(file));
  if (manifests.length === 0) throw problem(`no objects found in ${paths.map(nameOf).join(', ')}`);
  return manifests;
}

const problem = (message: string) => new StatusError('BadRequest', message);
const nameOf = (path: string) => (path === '-' ? 'standard input' : path);

function filesOf(path: string, recursive: boolean): string[] {
  if (path === '-') return [path];
  if (/^https?:\/\//.test(path)) {
    throw problem(
      `manifests are read from files only, found the URL ${path}: try curl -fsSL ${path} | tepui apply -f -`,
    );
  }
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) throw problem(`the path "${path}" does not exist`);
  if (!stat.isDirectory()) return [path];
  const files = readdirSync(path, { recursive, withFileTypes: true })
    .filter((entry) => entry.isFile() && extensions.some((extension) => entry.name.endsWith(extension)))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  if (files.length > 0) return files;
  throw problem(`no manifests in the folder ${path}: expected files that end in ${extensions.join(', ')}`);
}

function parseFile(file: string): Manifest[] {
  return parseManifests(readText(file), nameOf(file));
}

function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw problem(`cannot read ${nameOf(file)}: ${(error as Error).message}`);
  }
}

/** @param name what errors call the text. Lists are taken apart. */
export function parseManifests(text: string, name: string): Manifest[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: true });
  return documents.flatMap((document) => {
    const [error] = document.errors;
    if (error) {
      const { line, col } = lines.linePos(error.pos[0]);
      throw problem(`${name}:${String(line)}:${String(col)}: ${error.message.split('\n')[0] ?? ''}`);
    }
    return objectsOf({ document, lines, name });
  });
}

interface Text {
  readonly document: Document;
  readonly lines: LineCounter;
  readonly name: string;
}

function objectsOf(text: Text): Manifest[] {
  const value = valueOf(text);
  return value === null || value === undefined ? [] : toManifests(text, value, []);
}

function valueOf({ document, name }: Text): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw problem(`${name}: ${(error as Error).message}`);
  }
}

/** @param base where in the document the object stands: lists hold several */
function toManifests(text: Text, value: unknown, base: readonly PathSegment[]): Manifest[] {
  const at = (path: readonly PathSegment[]) => positionOf(text.document, text.lines, [...base, ...path]);
  const source = `${text.name}:${String(at([]).line)}`;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw problem(`${source}: expected an object with apiVersion and kind, found ${describeValue(value)}`);
  }
  const fields = value as Record<string, unknown>;
  for (const field of ['apiVersion', 'kind']) {
    if (typeof fields[field] === 'string' && fields[field] !== '') continue;
    throw problem(`${source}: ${field} is missing: every object says its apiVersion and kind`);
  }
  if (fields['kind'] === 'List' && Array.isArray(fields['items'])) {
    return fields['items'].flatMap((item, index) => toManifests(text, item, [...base, 'items', index]));
  }
  const locate = (fieldPath: string) => {
    const { line, column } = at(parseFieldPath(fieldPath));
    return `${text.name}:${String(line)}:${String(column)}`;
  };
  return [{ object: withMetadata(fields, source), source, locate }];
}

function withMetadata(fields: Readonly<Record<string, unknown>>, source: string): ApiObject {
  const metadata = fields['metadata'] ?? {};
  if (typeof metadata === 'object' && !Array.isArray(metadata)) return { ...fields, metadata } as unknown as ApiObject;
  throw problem(`${source}: metadata should hold the object's name, found ${describeValue(metadata)}`);
}

function describeValue(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
