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
  for (let at = 0; at < text.length; at++) {
    const level = levels.at(-1);
    switch (text.charCodeAt(at)) {
      case 0x22: {
        const end = endOfString(text, at);
        if (expectsKey && level?.keys) note(text.slice(at, end + 1), level, level.keys, levels, found);
        expectsKey = false;
        at = end;
        break;
      }
      case 0x7b: // {
        levels.push({ keys: new Set(), key: '', index: 0 });
        expectsKey = true;
        break;
      case 0x5b: // [
        levels.push({ keys: undefined, key: '', index: 0 });
        break;
      case 0x7d: // }
      case 0x5d: // ]
        levels.pop();
        expectsKey = false;
        break;
      case 0x2c: // ,
        if (level) level.index++;
        expectsKey = level?.keys !== undefined;
        break;
    }
  }
  return [...found];
}

function note(quoted: string, level: Level, keys: Set<string>, levels: readonly Level[], found: Set<string>): void {
  level.key = quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
  if (keys.has(level.key)) found.add(pathOf(levels));
  keys.add(level.key);
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
