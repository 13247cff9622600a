// Writes what is generated from schemas/: src/api/types.gen.ts and docs/api.md. `--check` fails when one is out of date.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { apiReference } from './api-reference.mjs';

const root = join(import.meta.dirname, '..');
const schemaFiles = (dir) =>
  readdirSync(join(root, dir), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? schemaFiles(join(dir, entry.name))
      : entry.name.endsWith('.json')
        ? [join(dir, entry.name)]
        : [],
  );

const files = schemaFiles('schemas')
  .sort()
  .map((file) => [file, JSON.parse(readFileSync(join(root, file), 'utf8')).$defs ?? {}]);
const definitions = Object.assign({}, ...files.map(([, content]) => content));

/** Types that api/object.ts and api/status-error.ts write by hand, because they are stricter than the schema. */
const handWritten = {
  ObjectMeta: 'object',
  OwnerReference: 'object',
  ManagedFieldsEntry: 'object',
  Status: 'status-error',
};
/** Scalars with a name of their own in the schema. */
const scalars = {
  Quantity: 'string',
  IntOrString: 'number | string',
  Time: 'string',
  MicroTime: 'string',
  FieldsV1: 'Record<string, unknown>',
  RawExtension: 'Record<string, unknown>',
};

const shortNames = Object.keys(definitions).map((definition) => definition.split('.').at(-1));
/** The last part of the name; where two groups share it, the one outside core carries its group's name. */
const typeName = (definition) => {
  const parts = definition.split('.');
  const short = parts.at(-1);
  const shared = shortNames.indexOf(short) !== shortNames.lastIndexOf(short);
  const group = parts.at(-3);
  return shared && group !== 'core' ? `${group[0].toUpperCase()}${group.slice(1)}${short}` : short;
};
const refName = (ref) => typeName(ref.slice(ref.indexOf('#/$defs/') + '#/$defs/'.length));

const typeOf = (node) => {
  if (node['x-tepui-string-or-list']) return 'string | readonly string[]';
  if (node['x-tepui-map-or-env-list'])
    return `Readonly<Record<string, ${typeOf(node.additionalProperties)}>> | readonly EnvVar[]`;
  if (node.$ref) return refName(node.$ref);
  if (node['x-kubernetes-int-or-string'] || node.format === 'int-or-string') return 'number | string';
  if (node.enum) return node.enum.map((value) => JSON.stringify(value)).join(' | ');
  switch (node.type) {
    case 'array':
      return `readonly (${typeOf(node.items)})[]`;
    case 'object':
      return node.properties
        ? objectType(node)
        : `Readonly<Record<string, ${typeof node.additionalProperties === 'object' ? typeOf(node.additionalProperties) : 'unknown'}>>`;
    case 'integer':
    case 'number':
      return 'number';
    case 'string':
      return 'string';
    case 'boolean':
      return 'boolean';
    default:
      return 'unknown';
  }
};

const comment = (text, indent) => (text ? `${indent}/** ${text.replaceAll('*/', '*\\/')} */\n` : '');

const objectType = (node) => {
  const gvk = node['x-kubernetes-group-version-kind']?.[0];
  const lines = Object.entries(node.properties).map(([name, property]) => {
    const isKind = gvk !== undefined && (name === 'apiVersion' || name === 'kind' || name === 'metadata');
    const required = isKind || node.required?.includes(name);
    const type =
      !isKind || name === 'metadata'
        ? typeOf(property)
        : JSON.stringify(name === 'kind' ? gvk.kind : gvk.group ? `${gvk.group}/${gvk.version}` : gvk.version);
    return `${comment(property.description, '  ')}  readonly ${JSON.stringify(name)}${required ? '' : '?'}: ${type};`;
  });
  return `{\n${lines.join('\n')}\n}`;
};

const emit = ([definition, node]) => {
  const name = typeName(definition);
  if (name in handWritten) return '';
  if (name === 'AppEnvValue') return `export type AppEnvValue = string | ${objectType(node)};\n`;
  return `${comment(node.description, '')}export type ${name} = ${scalars[name] ?? typeOf(node)};\n`;
};

const imports = ['object', 'status-error']
  .map((file) => [file, Object.keys(handWritten).filter((name) => handWritten[name] === file)])
  .map(
    ([file, names]) =>
      `import type { ${names.join(', ')} } from './${file}.ts';\nexport type { ${names.join(', ')} };\n`,
  )
  .join('');

const types = `// Generated from schemas/ by scripts/generate.mjs: do not edit.\n${imports}\n${Object.entries(
  definitions,
)
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(emit)
  .filter((part) => part !== '')
  .join('\n')}`;

const read = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

for (const [file, text] of [
  ['src/api/types.gen.ts', types],
  ['docs/api.md', apiReference(files, typeName)],
]) {
  const path = join(root, file);
  if (read(path) === text) continue;
  if (process.argv.includes('--check')) {
    console.error(`${file} is out of date: run \`npm run generate\` and commit the result`);
    process.exitCode = 1;
  } else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
