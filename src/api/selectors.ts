// Label selectors: the string form of queries, the object form of specs, matching and formatting.
import { labelKeyProblem, labelValueProblem } from './names.ts';
import { StatusError } from './status-error.ts';

export type LabelOperator = '=' | '!=' | 'in' | 'notin' | 'exists' | '!' | '>' | '<';

export interface LabelRequirement {
  readonly key: string;
  readonly operator: LabelOperator;
  /** One for `=`, `!=`, `>` and `<`; sorted and without repetition for `in` and `notin`; else none. */
  readonly values: readonly string[];
}

/** All requirements must hold. The empty selector matches everything. In order of keys. */
export type LabelSelector = readonly LabelRequirement[];

/** `metav1.LabelSelector`, as it stands in specs. */
export interface LabelSelectorObject {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

/** What an absent `LabelSelectorObject` means: no object at all. */
const nothing: LabelSelector = [{ key: '', operator: 'in', values: [] }];

/** Parses `a=b,c!=d,e in (f,g),h notin (i),j,!k,l>1`. Throws BadRequest that quotes the text and says what is wrong. */
export function parseLabelSelector(text: string): LabelSelector {
  const tokens = createTokens(text);
  const requirements: LabelRequirement[] = [];
  if (tokens.peek() === undefined) return requirements;
  do requirements.push(parseRequirement(tokens));
  while (tokens.take(','));
  if (tokens.peek() !== undefined) throw tokens.unexpected("',' or the end");
  return inOrder(requirements);
}

/** Converts the object form; absent selects nothing, empty everything. Throws BadRequest on a bad key, operator or value. */
export function selectorOf(selector: LabelSelectorObject | undefined): LabelSelector {
  if (selector === undefined) return nothing;
  const equalities = Object.entries(selector.matchLabels ?? {}).map(([key, value]) =>
    checked({ key, operator: '=', values: [value] }, badObject),
  );
  const expressions = (selector.matchExpressions ?? []).map(({ key, operator, values }) => {
    const found = objectOperators[operator];
    if (found === undefined)
      throw badObject(`operator "${operator}" of "${key}" is unknown: use In, NotIn, Exists or DoesNotExist`);
    return checked({ key, operator: found, values: unique(values ?? []) }, badObject);
  });
  return inOrder([...equalities, ...expressions]);
}

/** Whether an object with these labels is selected. */
export function matchesLabels(selector: LabelSelector, labels: Readonly<Record<string, string>> | undefined): boolean {
  return selector.every((requirement) => isMet(requirement, labels?.[requirement.key]));
}

/** The labels that every selected object has with exactly this value: what an index can serve. */
export function requiredLabels(selector: LabelSelector): Record<string, string> {
  const equalities = selector.filter(
    ({ operator, values }) => (operator === '=' || operator === 'in') && values.length === 1,
  );
  return Object.fromEntries(equalities.map(({ key, values }) => [key, values[0] ?? '']));
}

/** The string form, which `parseLabelSelector` reads back: `app=web,tier in (a,b),!old`. */
export function formatLabelSelector(selector: LabelSelector): string {
  return selector.map(formatRequirement).join(',');
}

function formatRequirement({ key, operator, values }: LabelRequirement): string {
  if (operator === 'exists') return key;
  if (operator === '!') return `!${key}`;
  if (operator === 'in' || operator === 'notin') return `${key} ${operator} (${values.join(',')})`;
  return `${key}${operator}${values[0] ?? ''}`;
}

function isMet({ operator, values }: LabelRequirement, value: string | undefined): boolean {
  switch (operator) {
    case '=':
    case 'in':
      return value !== undefined && values.includes(value);
    case '!=':
    case 'notin':
      return value === undefined || !values.includes(value);
    case 'exists':
      return value !== undefined;
    case '!':
      return value === undefined;
    case '>':
      return isInteger(value) && BigInt(value) > BigInt(values[0] ?? '0');
    case '<':
      return isInteger(value) && BigInt(value) < BigInt(values[0] ?? '0');
  }
}

const objectOperators: Readonly<Record<string, LabelOperator>> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: '!',
};

type Complain = (problem: string) => StatusError;

const badObject: Complain = (problem) => new StatusError('BadRequest', `invalid label selector: ${problem}`);

function parseRequirement(tokens: Tokens): LabelRequirement {
  const isAbsent = tokens.take('!');
  const key = tokens.word('a label key');
  const next = tokens.peek();
  if (isAbsent || next === undefined || next === ',')
    return checked({ key, operator: isAbsent ? '!' : 'exists', values: [] }, tokens.complain);
  const operator = textOperators[next];
  if (operator === undefined) throw tokens.unexpected('one of = == != in notin > <');
  tokens.take(next);
  const values = operator === 'in' || operator === 'notin' ? parseList(tokens) : [parseValue(tokens)];
  return checked({ key, operator, values: unique(values) }, tokens.complain);
}

const textOperators: Readonly<Record<string, LabelOperator>> = {
  '=': '=',
  '==': '=',
  '!=': '!=',
  in: 'in',
  notin: 'notin',
  '>': '>',
  '<': '<',
};

function parseList(tokens: Tokens): string[] {
  if (!tokens.take('(')) throw tokens.unexpected("'('");
  const values: string[] = [];
  do values.push(parseValue(tokens));
  while (tokens.take(','));
  if (!tokens.take(')')) throw tokens.unexpected("',' or ')'");
  return values;
}

/** An absent value is the empty one: `a=`, `a in (b,)`. */
function parseValue(tokens: Tokens): string {
  const next = tokens.peek();
  return next === undefined || next === ',' || next === ')' ? '' : tokens.word('a label value');
}

function checked(requirement: LabelRequirement, complain: Complain): LabelRequirement {
  const { key, operator, values } = requirement;
  const inKey = labelKeyProblem(key);
  if (inKey !== undefined) throw complain(`key "${key}": ${inKey}`);
  if ((operator === 'in' || operator === 'notin') && values.length === 0)
    throw complain(`"${key}" needs at least one value`);
  if ((operator === 'exists' || operator === '!') && values.length > 0)
    throw complain(`"${key}" is only tested for presence and takes no values`);
  for (const value of values) {
    const inValue = labelValueProblem(value);
    if (inValue !== undefined) throw complain(`value "${value}" of "${key}": ${inValue}`);
    if ((operator === '>' || operator === '<') && !isInteger(value))
      throw complain(`"${key}" is compared with "${value}", which is not an integer`);
  }
  return requirement;
}

interface Tokens {
  peek(): string | undefined;
  /** Steps over the next token if it is this one. */
  take(token: string): boolean;
  /** Steps over a token that is not a symbol, and returns it. */
  word(expected: string): string;
  unexpected(expected: string): StatusError;
  complain: Complain;
}

function createTokens(text: string): Tokens {
  const tokens = text.match(/!=|==|[=!(),<>]|[^\s=!(),<>]+/g) ?? [];
  let at = 0;
  const complain: Complain = (problem) =>
    new StatusError('BadRequest', `unable to parse label selector "${text}": ${problem}`);
  const unexpected = (expected: string): StatusError =>
    complain(`found ${tokens[at] === undefined ? 'the end' : `'${tokens[at]}'`}, expected ${expected}`);
  return {
    peek: () => tokens[at],
    take: (token) => {
      const isNext = tokens[at] === token;
      if (isNext) at++;
      return isNext;
    },
    word: (expected) => {
      const token = tokens[at];
      if (token === undefined || /^[=!(),<>]/.test(token)) throw unexpected(expected);
      at++;
      return token;
    },
    unexpected,
    complain,
  };
}

function isInteger(text: string | undefined): text is string {
  return text !== undefined && /^-?\d+$/.test(text);
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}

function inOrder(requirements: LabelRequirement[]): LabelSelector {
  return requirements.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}
