// Structured logging: one pino logger a process, children per component. Secrets never reach it.
import { pino } from 'pino';

/** The part of pino that components use. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: object): Log;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** JSON lines on standard error (`destination` 2) or into a file. */
export function createLog(level: LogLevel, destination: string | number = 2): Log {
  return pino({ level, base: null }, pino.destination({ dest: destination, sync: true, mkdir: true }));
}

/** Swallows everything: for tests. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLog,
};
