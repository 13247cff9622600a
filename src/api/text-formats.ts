// The text formats that our schemas name, with what is expected in words and, where one exists, a cleaned form.
// Limits are those of the Kubernetes API (RFC 1123 and 1035 names, qualified names, quantities).

export interface TextFormat {
  /** The empty text always passes: it counts as absent, and `minLength` refuses it where a value is needed. */
  readonly accepts: (text: string) => boolean;
  readonly expected: string;
  /** The nearest acceptable text, if cleaning gives one. */
  readonly clean?: (text: string) => string;
}

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const namePart = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const ipv4 = /^(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/;

const format = (
  expected: string,
  accepts: (text: string) => boolean,
  clean?: (text: string) => string,
): TextFormat => ({
  expected,
  accepts: (text) => text === '' || accepts(text),
  ...(clean === undefined ? {} : { clean }),
});

const matching = (pattern: RegExp, maxLength: number) => (text: string) =>
  text.length <= maxLength && pattern.test(text);

const cleanLabel = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '');

function isQualifiedName(text: string): boolean {
  const parts = text.split('/');
  const name = parts.pop() ?? '';
  if (name.length > 63 || !namePart.test(name) || parts.length > 1) return false;
  const prefix = parts[0];
  return prefix === undefined || (prefix.length <= 253 && subdomain.test(prefix));
}

function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1) ?? '';
  const size = groups.length + (ipv4.test(last) ? 1 : 0);
  const wellFormed = groups.every(
    (group, at) => /^[0-9a-fA-F]{1,4}$/.test(group) || (at === groups.length - 1 && ipv4.test(group)),
  );
  return wellFormed && (halves.length === 2 ? size < 8 : size === 8);
}

const isPortName = (text: string): boolean =>
  text.length <= 15 && /[a-z]/.test(text) && label.test(text) && !text.includes('--');

const isRelativePath = (text: string): boolean => !text.startsWith('/') && !text.split('/').includes('..');

/** The formats of ours by name; those of JSON Schema and OpenAPI (`int32`, `date-time`, `byte`) are not here. */
export const textFormats: Readonly<Record<string, TextFormat>> = {
  'dns-label': format(
    'at most 63 characters of a-z, 0-9 and "-", beginning and ending with a letter or digit',
    matching(label, 63),
    cleanLabel,
  ),
  'dns1035-label': format(
    'at most 63 characters of a-z, 0-9 and "-", beginning with a letter and ending with a letter or digit',
    (text) => matching(label, 63)(text) && /^[a-z]/.test(text),
    (text) => cleanLabel(text).replace(/^[0-9-]+/, ''),
  ),
  'dns-subdomain': format(
    'at most 253 characters of a-z, 0-9, "-" and ".", each part beginning and ending with a letter or digit',
    matching(subdomain, 253),
    (text) => text.split('.').map(cleanLabel).filter(Boolean).join('.'),
  ),
  'qualified-name': format(
    'a name of at most 63 letters, digits, "-", "_" and ".", beginning and ending with a letter or digit, optionally after a DNS name and "/"',
    isQualifiedName,
  ),
  'label-value': format(
    'at most 63 letters, digits, "-", "_" and ".", beginning and ending with a letter or digit',
    matching(namePart, 63),
  ),
  'port-name': format('at most 15 of a-z, 0-9 and single "-", with at least one letter', isPortName, (text) =>
    cleanLabel(text).slice(0, 15).replace(/-+$/, ''),
  ),
  'env-name': format('printable ASCII characters other than "="', (text) => /^[\x20-\x3c\x3e-\x7e]+$/.test(text)),
  'config-key': format(
    'at most 253 letters, digits, "-", "_" and ".", and neither "." nor ".." nor a name that begins with ".."',
    (text) => matching(/^[-._a-zA-Z0-9]+$/, 253)(text) && text !== '.' && !text.startsWith('..'),
  ),
  'http-header-name': format('letters, digits and "-"', (text) => /^[-A-Za-z0-9]+$/.test(text)),
  'relative-path': format('a relative path without ".."', isRelativePath),
  quantity: format(
    'a quantity such as 500m, 2, 128Mi or 1.5Gi',
    (text) => /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+|[numkMGTPE]|[KMGTPE]i)?$/.test(text),
    (text) => {
      const match = /^\s*([\d.]+)\s*([kmgtpe]i?)b?\s*$/i.exec(text);
      return match === null ? '' : `${match[1] ?? ''}${(match[2] ?? '').charAt(0).toUpperCase()}i`;
    },
  ),
  percent: format('a whole number or a percentage such as 25%', (text) => /^\d+%$/.test(text)),
  ip: format('an IPv4 or IPv6 address', (text) => ipv4.test(text) || isIpv6(text)),
  'int-or-string': format('a number or a text', () => true),
};

/** What is wrong with a text, as the tail of a message; undefined when it is fine or the format is not one of ours. */
export function formatViolation(name: string, text: string): string | undefined {
  const found = textFormats[name];
  if (found === undefined || found.accepts(text)) return undefined;
  const cleaned = found.clean?.(text) ?? '';
  const hint = cleaned !== '' && found.accepts(cleaned) ? `; did you mean "${cleaned}"?` : '';
  return `must be ${found.expected}${hint}`;
}
