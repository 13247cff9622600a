// Times as the API writes them.

/** RFC 3339, UTC, whole seconds: `2026-01-31T12:00:00Z`. */
export function formatRfc3339(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
