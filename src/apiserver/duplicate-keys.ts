// Finds keys that a JSON text gives twice in one object. JSON.parse keeps the last without a word; people should know.

interface Level {
  /** Keys seen, in an object; undefined in an array. */
  readonly keys: Set<string> | undefined;
  key: string;
  index: number;
}

/**
 * Paths of the repeated keys (`spec.replicas`, `spec.containers[0].image`), each once. The text must be valid JSON.
 */
export function duplicateKeys(text: string): readonly string[] {
  const found = new Set<string>();
  const levels: Level[] = [];
  let expectsKey = false;
  // Outside of strings only these characters say anything about the structure.
  for (let at = nextMark(text, 0); at < text.length; at = nextMark(text, at + 1)) {
    const mark = text[at] ?? '';
    if (mark === '"') {
      const end = endOfString(text, at);
      if (expectsKey) note(text.slice(at, end + 1), levels, found);
      expectsKey = false;
      at = end;
    } else {
      step(mark, levels);
      expectsKey = (mark === '{' || mark === ',') && levels.at(-1)?.keys !== undefined;
    }
  }
  return [...found];
}

function step(mark: string, levels: Level[]): void {
  if (mark === '{' || mark === '[') levels.push({ keys: mark === '{' ? new Set() : undefined, key: '', index: 0 });
  if (mark === '}' || mark === ']') levels.pop();
  const level = levels.at(-1);
  if (mark === ',' && level) level.index++;
}

const marks = /["{}[\],]/g;

function nextMark(text: string, from: number): number {
  marks.lastIndex = from;
  return marks.exec(text)?.index ?? text.length;
}

function note(quoted: string, levels: readonly Level[], found: Set<string>): void {
  const level = levels.at(-1);
  if (level?.keys === undefined) return;
  level.key = quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
  if (level.keys.has(level.key)) found.add(pathOf(levels));
  level.keys.add(level.key);
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; ; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22 || Number.isNaN(code)) return at;
    if (code === 0x5c) at++;
  }
}

function pathOf(levels: readonly Level[]): string {
  return levels
    .map((level, depth) => (level.keys ? (depth === 0 ? '' : '.') + level.key : `[${level.index}]`))
    .join('');
}
