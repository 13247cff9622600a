// What `why` says about one object, and how it is printed.
import { strong, warn } from './table.ts';

export interface Explanation {
  /** True when the object does what it should. */
  readonly healthy: boolean;
  /** One sentence. */
  readonly reason: string;
  /** Facts that support it, most telling first. */
  readonly evidence: readonly string[];
  /** What to do, as commands or edits. */
  readonly nextSteps: readonly string[];
}

/** The reason beside the title; evidence and next steps below it. */
export function renderExplanation(title: string, { healthy, reason, evidence, nextSteps }: Explanation): string {
  const section = (heading: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [`${heading}:`, ...lines.map((line) => `  ${line.replaceAll('\n', '\n  ')}`)];
  return [
    `${strong(title)}  ${healthy ? reason : warn(reason)}`,
    ...section('Evidence', evidence),
    ...section('Next', nextSteps),
  ].join('\n');
}
