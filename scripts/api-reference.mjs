// Renders docs/api.md, the reference of all kinds, from the definitions in schemas/.

const unions = {
  'x-tepui-string-or-list': (type) => `string or ${type}`,
  'x-tepui-map-or-env-list': (type) => `${type} or list of EnvVar`,
  'x-tepui-string-or-source': (type) => `string or ${type}`,
};

/**
 * @param {[file: string, definitions: Record<string, object>][]} files in the order in which they should appear
 * @param {(definition: string) => string} nameOf short, unique name of a definition
 */
export function apiReference(files, nameOf) {
  const own = files.filter(([file]) => !file.includes('common'));
  const shared = files
    .filter(([file]) => file.includes('common'))
    .flatMap(([, definitions]) => Object.entries(definitions));
  const titles = own.flatMap(([, definitions]) => Object.entries(definitions).filter(([, node]) => isKind(node)));
  return [
    '<!-- Generated from schemas/ by scripts/generate.mjs: do not edit. -->',
    '# API reference',
    'Every kind that is served, field by field. `kubectl explain KIND` shows the same. A star marks fields that must be given.',
    titles.map(([definition]) => `- ${link(nameOf(definition))}`).join('\n'),
    ...own.flatMap(([, definitions]) => sections(Object.entries(definitions), nameOf)),
    '## Shared definitions',
    ...sections(shared, nameOf, '###'),
    '',
  ].join('\n\n');
}

const isKind = (node) => groupVersionKind(node) !== undefined && !groupVersionKind(node).kind.endsWith('List');
const groupVersionKind = (node) => node['x-kubernetes-group-version-kind']?.[0];
const link = (name) => `[${name}](#${name.toLowerCase()})`;
const isList = ([, node]) => groupVersionKind(node)?.kind.endsWith('List') === true;

/** Kinds first, then what they consist of; lists of kinds are all alike and left out. */
function sections(entries, nameOf, level = '##') {
  const rank = ([, node]) => (isKind(node) ? 0 : 1);
  return entries
    .filter((entry) => !isList(entry))
    .sort((a, b) => rank(a) - rank(b))
    .flatMap(([definition, node]) => section(definition, node, nameOf, isKind(node) ? level : '###'));
}

function section(definition, node, nameOf, level) {
  const kind = groupVersionKind(node);
  const version = kind === undefined ? [] : [`\`${kind.group === '' ? '' : `${kind.group}/`}${kind.version}\``];
  const rows = Object.entries(node.properties ?? {}).map(([name, field]) => row(name, field, node, nameOf));
  const table = rows.length === 0 ? [] : [['| Field | Type | Meaning |', '| --- | --- | --- |', ...rows].join('\n')];
  return [`${level} ${nameOf(definition)}`, ...version, node.description ?? '', ...table].filter((part) => part !== '');
}

function row(name, field, parent, nameOf) {
  const star = parent.required?.includes(name) ? '\\*' : '';
  const meaning = [field.description, limits(field)].filter(Boolean).join(' ');
  return `| \`${name}\`${star} | ${typeOf(field, nameOf)} | ${meaning.replaceAll('|', '\\|')} |`;
}

/** What the words do not already say. */
function limits({ enum: values, minimum, maximum, description = '' }) {
  const choices = (values ?? []).filter((value) => value !== '');
  const words = choices.every((value) => description.includes(`\`${value}\``)) ? [] : choices;
  const range =
    minimum === undefined ? '' : maximum === undefined ? `At least ${minimum}.` : `From ${minimum} to ${maximum}.`;
  const isSaid = minimum === undefined || minimum === 0 || description.includes(String(maximum ?? minimum));
  return [words.length === 0 ? '' : `One of ${words.map((word) => `\`${word}\``).join(', ')}.`, isSaid ? '' : range]
    .filter(Boolean)
    .join(' ');
}

function typeOf(field, nameOf) {
  const type = plainTypeOf(field, nameOf);
  const union = Object.keys(unions).find((keyword) => field[keyword]);
  return union === undefined ? type : unions[union](type);
}

function plainTypeOf(field, nameOf) {
  if (field.$ref !== undefined)
    return link(nameOf(field.$ref.slice(field.$ref.indexOf('#/$defs/') + '#/$defs/'.length)));
  if (field.type === 'array') return `list of ${typeOf(field.items, nameOf)}`;
  const isMap = field.type === 'object' && typeof field.additionalProperties === 'object';
  return isMap ? `map of ${typeOf(field.additionalProperties, nameOf)}` : (field.type ?? 'any');
}
