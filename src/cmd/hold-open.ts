// Keeps the process alive while work is under way that waits for nothing but our own timers, which do not.

/** Settles as the work does. */
export async function holdOpen<T>(work: Promise<T>): Promise<T> {
  const { port1 } = new MessageChannel();
  port1.ref();
  try {
    return await work;
  } finally {
    port1.close();
  }
}
