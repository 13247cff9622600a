import { expect } from 'chai';
import { collect, dryRun, duration, port, wholeNumber } from '../../../src/cmd/commands/arguments.ts';

describe('option values', () => {
  it('takes whole numbers between their bounds', () => {
    expect(['0', '6443', '65535'].map(port)).to.deep.equal([0, 6443, 65_535]);
    expect(wholeNumber(-1)('-1')).to.equal(-1);
    for (const text of ['', 'x', '1.5', '-1', '65536', '1e3']) expect(() => port(text)).to.throw('0 to 65535');
    expect(() => wholeNumber(1)('0')).to.throw('from 1 on');
  });

  it('reads dry runs as kubectl spells them', () => {
    expect(['server', 'client', 'none'].map(dryRun)).to.deep.equal([true, true, false]);
    expect(() => dryRun('maybe')).to.throw('server, client or none');
  });

  it('reads durations, and 0 as none', () => {
    expect(['0', '90s', '24h'].map(duration)).to.deep.equal([0, 90, 86_400]);
    expect(() => duration('5')).to.throw('such as 90s, 5m or 24h');
  });

  it('collects what is repeated', () => {
    expect(collect('b', collect('a'))).to.deep.equal(['a', 'b']);
  });
});
