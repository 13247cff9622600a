// What may be a name, a label key or a label value (Kubernetes' rules: RFC 1123 names, qualified label keys).
// Each function answers undefined for a good text, else what is wrong with it and the nearest text that would do.

interface Rule {
  readonly what: string;
  readonly maxLength: number;
  readonly pattern: RegExp;
  readonly clean: (text: string) => string;
}

const outerDashes = /^[^a-z0-9]+|[^a-z0-9]+$/g;
const outerMarks = /^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g;

const label: Rule = {
  what: "lower-case letters, digits and '-', starting and ending with a letter or digit",
  maxLength: 63,
  pattern: /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/,
  clean: (text) => cut(text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'), 63, outerDashes),
};

const subdomain: Rule = {
  what: "lower-case letters, digits, '-' and '.', each part between dots starting and ending with a letter or digit",
  maxLength: 253,
  pattern: /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/,
  clean: (text) => {
    const parts = text.toLowerCase().split('.');
    const cleaned = parts.map((part) => cut(part.replaceAll(/[^a-z0-9]+/g, '-'), 253, outerDashes));
    return cut(cleaned.filter((part) => part !== '').join('.'), 253, outerDashes);
  },
};

const qualified: Rule = {
  what: "letters, digits, '-', '_' and '.', starting and ending with a letter or digit",
  maxLength: 63,
  pattern: /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/,
  clean: (text) => cut(text.replaceAll(/[^-A-Za-z0-9_.]+/g, '-'), 63, outerMarks),
};

/** One part of a host name, as namespaces and containers have them: RFC 1123 label, at most 63 characters. */
export function dnsLabelProblem(name: string): string | undefined {
  return problemOf(label, name);
}

/** Names of most objects: RFC 1123 subdomain, at most 253 characters. */
export function dnsSubdomainProblem(name: string): string | undefined {
  return problemOf(subdomain, name);
}

/** `[prefix/]name`: the prefix is a DNS subdomain, the name has at most 63 characters. Annotations use it too. */
export function labelKeyProblem(key: string): string | undefined {
  const slash = key.indexOf('/');
  if (slash < 0) return problemOf(qualified, key);
  const [prefix, name] = [key.slice(0, slash), key.slice(slash + 1)];
  const inPrefix = dnsSubdomainProblem(prefix);
  if (inPrefix !== undefined) return `its prefix ${inPrefix}`;
  const inName = problemOf(qualified, name);
  return inName === undefined ? undefined : `its part after the '/' ${inName}`;
}

/** Empty, or at most 63 characters. */
export function labelValueProblem(value: string): string | undefined {
  return value === '' ? undefined : problemOf(qualified, value);
}

function problemOf(rule: Rule, text: string): string | undefined {
  if (text === '') return 'must not be empty';
  const tooLong = text.length > rule.maxLength;
  if (!tooLong && rule.pattern.test(text)) return undefined;
  const wrong = tooLong
    ? `has ${text.length} characters, at most ${rule.maxLength} are allowed`
    : `must consist of ${rule.what}`;
  const suggestion = rule.clean(text);
  return suggestion === '' ? wrong : `${wrong} (try "${suggestion}")`;
}

/** Shortens first, so that the cut cannot leave a mark at the end. */
function cut(text: string, maxLength: number, outer: RegExp): string {
  return text.replaceAll(outer, '').slice(0, maxLength).replaceAll(outer, '');
}
