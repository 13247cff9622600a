// Turns output into lines of the CRI log format: `TIME stdout F text`, `P` for a part of a longer line. Pure but for time.

const longestLine = 16 * 1024;

/** @param now RFC 3339 time of a line */
export function createLineFormatter(stream: 'stdout' | 'stderr', now: () => string): LineFormatter {
  let rest = '';
  const format = (tag: 'F' | 'P', text: string) => `${now()} ${stream} ${tag} ${text}\n`;
  return {
    push(text) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      let out = lines.map((line) => format('F', line)).join('');
      while (rest.length >= longestLine) {
        out += format('P', rest.slice(0, longestLine));
        rest = rest.slice(longestLine);
      }
      return out;
    },
    end() {
      const last = rest === '' ? '' : format('F', rest);
      rest = '';
      return last;
    },
  };
}

export interface LineFormatter {
  /** What can be written now. */
  push(text: string): string;
  /** The unfinished line. */
  end(): string;
}
