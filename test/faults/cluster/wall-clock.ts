// A wall clock of its own for a process, which can be made to jump while the process runs: libfaketime, told by a file.
// The monotonic clock stays as it is: only the wall clock of real machines jumps.
import { existsSync, readdirSync, writeFileSync } from 'node:fs';

export interface WallClock {
  /** For the process whose clock it is. */
  readonly environment: Readonly<Record<string, string>>;
  /** 0: the true time. */
  setOffset(seconds: number): void;
}

/** The library of Debian's package `libfaketime`; undefined: it is not installed. */
export function findFakeTime(): string | undefined {
  const folders = readdirSync('/usr/lib').map((name) => `/usr/lib/${name}/faketime/libfaketimeMT.so.1`);
  return folders.find((path) => existsSync(path));
}

/** @param file read by the process, within a second of each change */
export function createWallClock(library: string, file: string): WallClock {
  const setOffset = (seconds: number) => writeFileSync(file, `${seconds < 0 ? '' : '+'}${String(seconds)}\n`);
  setOffset(0);
  const environment = {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: file,
    // Seconds until it looks into the file again: to look at every reading of the clock is too much for a JVM.
    FAKETIME_CACHE_DURATION: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    DONT_FAKE_MONOTONIC: '1',
    // With its default the waits of a JVM last too long.
    FAKETIME_FORCE_MONOTONIC_FIX: '0',
  };
  return { environment, setOffset };
}
