// Field selectors: `metadata.name=web,status.phase!=Running`, where `\`, `,` and `=` within values are escaped by `\`.
import { StatusError } from './status-error.ts';

export interface FieldRequirement {
  readonly field: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

/** All requirements must hold. The empty selector matches everything. */
export type FieldSelector = readonly FieldRequirement[];

/**
 * Throws BadRequest on bad syntax.
 * @param supported the fields that the resource can be selected by; any other is refused by name.
 */
export function parseFieldSelector(text: string, supported?: ReadonlySet<string>): FieldSelector {
  const terms = text.match(/(?:\\[^]|[^\\,]|\\$)+/g) ?? [];
  return terms.map((term) => {
    const match = /^(?<field>.*?)(?<operator>!=|==|=)(?<value>[^]*)$/.exec(term);
    if (!match?.groups) throw unreadable(text, `"${term}" has none of the operators = == !=`);
    const { field = '', operator = '', value = '' } = match.groups;
    if (supported !== undefined && !supported.has(field))
      throw new StatusError(
        'BadRequest',
        `field label not supported: ${field} (supported are ${[...supported].sort().join(', ')})`,
      );
    return { field, operator: operator === '!=' ? '!=' : '=', value: unescapeValue(text, value) };
  });
}

/** A field that the object lacks counts as empty text. */
export function matchesFields(selector: FieldSelector, fields: Readonly<Record<string, string>>): boolean {
  return selector.every(({ field, operator, value }) => ((fields[field] ?? '') === value) === (operator === '='));
}

/** The fields that every selected object has with exactly this value: what an index can serve. */
export function requiredFields(selector: FieldSelector): Record<string, string> {
  const equalities = selector.filter(({ operator }) => operator === '=');
  return Object.fromEntries(equalities.map(({ field, value }) => [field, value]));
}

function unescapeValue(text: string, value: string): string {
  const bad = /^(?:\\[\\,=]|[^\\,=])*/.exec(value)?.[0].length ?? 0;
  if (bad < value.length)
    throw unreadable(text, `in the value "${value}" write \\\\ \\, and \\= for a backslash, comma and equals sign`);
  return value.replaceAll(/\\([^])/g, '$1');
}

function unreadable(text: string, problem: string): StatusError {
  return new StatusError('BadRequest', `unable to parse field selector "${text}": ${problem}`);
}
