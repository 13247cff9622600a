// The check of watches finds gaps, repetitions, disorder and silence, within a stream and between resumed ones.
import { expect } from 'chai';
import type { EventLine, Line } from '../history/lines.ts';
import { ScriptedHistory, item } from './scripted-history.ts';
import { checkWatches } from './watches.ts';

let now = 0;
const stream = (name: string, from: number, fresh: boolean, watcher = 'w'): Line => ({
  ...{ line: 'stream', at: ++now, stream: name, watcher, server: 's1', from },
  ...(fresh ? { items: [] } : {}),
});
const event = (name: string, type: EventLine['type'], rv: number, key = 'k', count = 0): Line => ({
  ...{ line: 'event', at: ++now, stream: name, type, rv },
  ...(type === 'BOOKMARK' ? {} : { item: item(key, `${key}-${String(count)}`, count, rv) }),
});
const problems = (...lines: Line[]) =>
  checkWatches(new ScriptedHistory().add(...lines).history()).violations.join('\n');

const first = [stream('1', 0, true), event('1', 'ADDED', 1), event('1', 'MODIFIED', 2, 'k', 1)];
const whole = [stream('x', 0, true, 'v'), event('x', 'ADDED', 1), event('x', 'MODIFIED', 2, 'k', 1)];
const wholeTo3 = [...whole, event('x', 'MODIFIED', 3, 'k', 2)];

describe('the check of watches', () => {
  it('accepts a stream, and one that was resumed where it ended', () => {
    expect(problems(...first, event('1', 'BOOKMARK', 2), event('1', 'DELETED', 3, 'k', 1))).to.equal('');
    expect(problems(...first, stream('2', 2, false), event('2', 'MODIFIED', 3, 'k', 2), ...wholeTo3)).to.equal('');
  });

  it('finds events out of order and repeated ones', () => {
    expect(problems(...first, event('1', 'MODIFIED', 1, 'k', 2))).to.contain('MODIFIED 1 after 2');
    expect(problems(...first, stream('2', 1, false), event('2', 'MODIFIED', 2, 'k', 1))).to.contain('2 more than once');
  });

  it('finds a gap in a stream, between streams, and against acknowledged writes', () => {
    const gap = [stream('1', 0, true), event('1', 'ADDED', 1), event('1', 'MODIFIED', 3, 'k', 2)];
    expect(problems(...gap, ...wholeTo3)).to.contain('missed k k-1 at 2');
    const between = [
      stream('1', 0, true),
      event('1', 'ADDED', 1),
      stream('2', 1, false),
      event('2', 'MODIFIED', 3, 'k', 2),
    ];
    expect(problems(...between, ...wholeTo3)).to.contain('missed k k-1 at 2, in stream 2');
    const acknowledged = new ScriptedHistory().create('j', 'j-0', { rv: 2 });
    acknowledged.add(stream('1', 0, true), event('1', 'ADDED', 1), event('1', 'MODIFIED', 3, 'k', 1));
    expect(checkWatches(acknowledged.history()).violations.join()).to.contain('missed j j-0 at 2');
  });

  it('finds a watcher that resumed elsewhere, and one that was shown less than there is', () => {
    expect(problems(...first, stream('2', 5, false))).to.contain('resumed from 5, not from 2');
    expect(problems(...first, ...wholeTo3)).to.contain('watcher w was shown nothing after 2');
  });

  it('begins anew after a list, whose gap is allowed', () => {
    expect(problems(...first, stream('2', 3, true), ...whole, event('x', 'DELETED', 3, 'k', 1))).to.equal('');
  });

  it('finds stories that make no sense', () => {
    expect(problems(stream('1', 0, true), event('1', 'MODIFIED', 1))).to.contain('was not there');
    expect(problems(...first, event('1', 'ADDED', 3))).to.contain('but was there');
    expect(problems(...first, event('1', 'MODIFIED', 3, 'k', 3))).to.contain('an increment was lost');
    expect(problems()).to.contain('nobody watched');
  });
});
