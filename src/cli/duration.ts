// Durations as people write and read them.
import { StatusError } from '../api/status-error.ts';

/** `90s`, `5m`, `2h`, `1h30m` → seconds. Throws StatusError BadRequest. */
export function parseDurationSeconds(text: string): number {
  const parts = [...text.matchAll(/(\d+)(s|m|h|d)/g)];
  if (parts.length === 0 || parts.map((part) => part[0]).join('') !== text) {
    throw new StatusError('BadRequest', `"${text}" is not a duration: expected something like 90s, 5m or 1h30m`);
  }
  const seconds = { s: 1, m: 60, h: 3600, d: 86_400 };
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * seconds[unit as keyof typeof seconds], 0);
}

/** `5s`, `3m`, `2h`, `4d`; empty when unknown. */
export function formatAge(ms: number): string {
  if (Number.isNaN(ms)) return '';
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 120) return `${String(seconds)}s`;
  if (seconds < 7200) return `${String(Math.floor(seconds / 60))}m`;
  if (seconds < 172_800) return `${String(Math.floor(seconds / 3600))}h`;
  return `${String(Math.floor(seconds / 86_400))}d`;
}
