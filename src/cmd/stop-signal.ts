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
  if (withParent)
    process.stdin
      .on('end', () => controller.abort())
      .on('error', () => controller.abort())
      .resume();
  return controller.signal;
}
