// How a process learns that it should stop.

/**
 * Aborts on SIGINT and SIGTERM; a second one ends the process at once.
 * @param withParent also when standard input ends, which it does with the process that started us
 */
export function stopSignal(withParent = false): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(1);
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  if (withParent) watchParent(() => controller.abort());
  return controller.signal;
}

/** Standard input is a pipe from the parent. Watching it must not keep us alive when all else has ended. */
function watchParent(onEnd: () => void): void {
  const { stdin } = process;
  stdin.on('end', onEnd).on('error', onEnd).resume();
  if ('unref' in stdin) stdin.unref();
}
