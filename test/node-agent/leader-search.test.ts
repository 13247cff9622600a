import { expect } from 'chai';
import { StatusError } from '../../src/api/status-error.ts';
import { silentLog } from '../../src/lib/log.ts';
import type { Contact } from '../../src/node-agent/contact.ts';
import { searchLeader, type SearchOptions } from '../../src/node-agent/leader-search.ts';
import { createFakeClock } from '../support/fake-clock.ts';

/** Servers at which nobody answers. */
function setUp(gateways: readonly string[]) {
  const clock = createFakeClock();
  const dialed: string[] = [];
  const options = {
    servers: { gateways, epoch: 1, learn: () => undefined, follow: () => undefined, onChange: () => () => undefined },
    identity: { current: { key: 'key', certificate: 'certificate' } },
    dial: (address: string) => {
      dialed.push(address);
      throw new StatusError('ServiceUnavailable', 'nobody is there');
    },
    register: () => ({}),
    authority: '',
    discover: undefined,
    onTrouble: () => undefined,
    random: () => 0.5,
    log: silentLog,
    clock,
  } as unknown as SearchOptions;
  const current = { address: 'first', registered: { epoch: 1 } } as unknown as Contact;
  const stop = new AbortController();
  return { clock, dialed, search: searchLeader(options, stop.signal, current), stop };
}

describe('search for a leader', () => {
  it('asks the server that was lost last, while there are others', async () => {
    const { clock, dialed, search, stop } = setUp(['first', 'second', 'third']);
    search.widen();
    await clock.advance(1000);
    expect(new Set(dialed)).to.deep.equal(new Set(['second', 'third']));
    await clock.advance(2000);
    expect(dialed).to.include('first');
    stop.abort();
  });

  it('asks the server that was lost at once when it is the only one', async () => {
    const { clock, dialed, search, stop } = setUp(['first']);
    search.widen();
    await clock.advance(0);
    expect(dialed).to.deep.equal(['first']);
    stop.abort();
  });
});
