// Tells when the monitor of a container ends, without being its parent and without polling: the monitor holds a named
// pipe open for writing, the agent reads it and gets end-of-file. An agent that starts later opens it again.
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { runCommand } from '../../lib/run-command.ts';

const pipeName = 'alive';

/**
 * Conmon lets go of what it inherited a moment before it writes the exit file, of its own pipe (for window sizes) only
 * with its end: both must be gone. Other monitors do not make the second one.
 */
const pipes = [pipeName, 'winsz'];

export async function makeAlivePipe(directory: string): Promise<void> {
  await runCommand('mkfifo', ['-m', '600', join(directory, pipeName)]);
}

/** A descriptor for the monitor to inherit; the agent closes its own once the monitor has it. */
export function openForMonitor(directory: string): number {
  // For both directions: for writing alone it would block until there is a reader.
  return openSync(join(directory, pipeName), constants.O_RDWR);
}

export function isMonitorAlive(directory: string): boolean {
  return pipes.some((name) => {
    const descriptor = openReader(directory, name);
    if (descriptor === undefined) return false;
    const alive = hasWriter(descriptor);
    closeSync(descriptor);
    return alive;
  });
}

/** Calls `onEnd` once, never synchronously; soon when there is no monitor. */
function watchMonitor(directory: string, onEnd: () => void): void {
  const watchFrom = (index: number) => {
    const name = pipes[index];
    if (name === undefined) setImmediate(onEnd);
    else watchPipe(directory, name, () => watchFrom(index + 1));
  };
  watchFrom(0);
}

function watchPipe(directory: string, name: string, onEnd: () => void): void {
  const descriptor = openReader(directory, name);
  if (descriptor === undefined) {
    onEnd();
    return;
  }
  if (!hasWriter(descriptor)) {
    closeSync(descriptor);
    onEnd();
    return;
  }
  const socket = new Socket({ fd: descriptor, readable: true, writable: false });
  socket.once('close', onEnd);
  socket.on('error', () => undefined);
  socket.resume();
  socket.unref();
}

/** Resolves when there is no monitor (any more). */
export function monitorEnd(directory: string): Promise<void> {
  return new Promise((resolve) => watchMonitor(directory, resolve));
}

function openReader(directory: string, name: string): number | undefined {
  try {
    return openSync(join(directory, name), constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
}

/** Nobody ever writes: a read finds end-of-file without a writer and "try again" with one. */
function hasWriter(descriptor: number): boolean {
  try {
    return readSync(descriptor, Buffer.alloc(1)) > 0;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EAGAIN';
  }
}
