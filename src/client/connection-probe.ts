// Notices a server that no longer answers, although its connection stands: frozen, or cut off without a word.
import type { ClientHttp2Session } from 'node:http2';
import type { Clock, Timer } from '../lib/clock.ts';

export interface Probe {
  readonly clock: Clock;
  /** Pause between an answer and the next ping. */
  readonly everyMs: number;
  /** For the handshake, and for the answer to a ping. */
  readonly deadlineMs: number;
}

/** A timer that fires this much too late tells that we ourselves did not run: the answer may lie there unread. */
const ownDelayMs = 250;

/** Destroys `session`, and with it every stream, once a handshake or a ping has no answer in time. */
export function probeConnection(session: ClientHttp2Session, { clock, everyMs, deadlineMs }: Probe): void {
  let timer: Timer = { cancel: () => undefined };

  const expect = (what: string) => {
    const dueMs = clock.monotonicMs() + deadlineMs;
    timer = clock.after(deadlineMs, () => {
      if (clock.monotonicMs() - dueMs > ownDelayMs) expect(what);
      else session.destroy(new Error(`it did not answer ${what} within ${String(deadlineMs)} ms`));
    });
  };
  const rest = () => {
    timer.cancel();
    if (!session.destroyed) timer = clock.after(everyMs, ping);
  };
  const ping = () => {
    if (session.destroyed) return;
    expect('a ping');
    session.ping((error) => {
      if (error === null) rest();
    });
  };

  expect('the handshake');
  session.once('connect', rest);
  session.once('close', () => timer.cancel());
}
