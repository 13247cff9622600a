// Short stable hashes of JSON values, in letters that are safe in names. Pure.

/** No vowels, no look-alikes: as in generated names. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** Equal for equal values, whatever the order of keys; 10 characters. FNV-1a over canonical JSON. */
export function hashOf(value: unknown): string {
  const text = canonical(value);
  let hash = 0xcbf29ce484222325n;
  for (let at = 0; at < text.length; at++) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(at))) * 0x100000001b3n);
  }
  let letters = '';
  for (let count = 0; count < 10; count++) {
    letters += alphabet[Number(hash % BigInt(alphabet.length))] ?? '';
    hash /= BigInt(alphabet.length);
  }
  return letters;
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === undefined) return 'null';
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`;
}
