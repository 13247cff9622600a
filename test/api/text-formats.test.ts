// Text formats: the limits of the Kubernetes API, and how a violation is worded.
import { expect } from 'chai';
import fc from 'fast-check';
import { formatViolation, textFormats } from '../../src/api/text-formats.ts';

const cases: Record<string, { good: string[]; bad: string[] }> = {
  'dns-label': { good: ['a', 'a-b', '0x', 'a'.repeat(63)], bad: ['A', '-a', 'a-', 'a.b', 'a_b', 'a'.repeat(64)] },
  'dns1035-label': { good: ['web', 'a1'], bad: ['1a', 'Web', 'a-'] },
  'dns-subdomain': { good: ['a.b', 'a', 'a.'.repeat(126) + 'a'], bad: ['a..b', '.a', 'a.', 'a_b', 'a'.repeat(254)] },
  'qualified-name': {
    good: ['app', 'app.kubernetes.io/name', 'A_b.c', 'a'.repeat(63)],
    bad: ['bad key!', 'a/b/c', '/a', 'a/', 'A.b/c', 'a'.repeat(64), `${'a'.repeat(254)}/b`],
  },
  'label-value': { good: ['v1.2_3', 'A'], bad: ['in valid', '-a', 'a'.repeat(64)] },
  'port-name': { good: ['http', 'p-8', 'a'.repeat(15)], bad: ['80', 'a--b', 'HTTP', 'a'.repeat(16)] },
  'env-name': { good: ['PATH', 'a.b', 'with space'], bad: ['A=B', 'ä', '\n'] },
  'config-key': { good: ['a.conf', '.hidden', 'A_b-c'], bad: ['.', '..', '..a', 'a/b', 'a'.repeat(254)] },
  'http-header-name': { good: ['X-A'], bad: ['X A'] },
  'relative-path': { good: ['a/b', 'a..b'], bad: ['/a', '..', 'a/../b'] },
  quantity: {
    good: ['1', '500m', '1.5Gi', '.5', '1e3', '-1', '128Mi', '2E'],
    bad: ['128mb', '1 Gi', 'Gi', '1.2.3', 'x'],
  },
  percent: { good: ['25%', '0%'], bad: ['25', 'a%', '-1%'] },
  ip: {
    good: ['10.0.0.1', '255.255.255.255', '::1', '::', 'fe80::1:2', '1:2:3:4:5:6:7:8', '::ffff:1.2.3.4'],
    bad: [
      '10.0.0',
      '256.1.1.1',
      '10.0.0.1.',
      'x',
      '1::2::3',
      '1:2:3',
      '1:2:3:4:5:6:7:8:9',
      '1:2:3:4:5:6:7::8',
      '1::2::3:4:5:6:7:8',
    ],
  },
};

describe('text formats', () => {
  for (const [name, { good, bad }] of Object.entries(cases))
    it(`${name} accepts and refuses`, () => {
      for (const text of good) expect(formatViolation(name, text), text).to.equal(undefined);
      for (const text of bad) expect(formatViolation(name, text), text).to.be.a('string');
    });

  it('has a case for every format that refuses anything', () => {
    const formats = Object.keys(textFormats).filter((name) => name !== 'int-or-string');
    expect(formats.sort()).to.deep.equal(Object.keys(cases).sort());
    expect(formatViolation('int-or-string', 'anything')).to.equal(undefined);
  });

  it('lets the empty text pass and knows nothing of formats that are not ours', () => {
    for (const name of Object.keys(textFormats)) expect(formatViolation(name, '')).to.equal(undefined);
    expect(formatViolation('date-time', 'never')).to.equal(undefined);
  });

  it('suggests the nearest acceptable text', () => {
    expect(formatViolation('dns-label', 'My_App')).to.match(/; did you mean "my-app"\?$/);
    expect(formatViolation('dns1035-label', '1-Web')).to.match(/; did you mean "web"\?$/);
    expect(formatViolation('dns-subdomain', 'Web_1..Shop')).to.match(/; did you mean "web-1\.shop"\?$/);
    expect(formatViolation('port-name', 'The Administration Port')).to.match(/; did you mean "the-administrat"\?$/);
    expect(formatViolation('quantity', '128mb')).to.match(/; did you mean "128Mi"\?$/);
    expect(formatViolation('quantity', 'lots')).not.to.contain('did you mean');
    expect(formatViolation('dns-label', '___')).not.to.contain('did you mean');
  });

  it('never suggests what it would refuse', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(textFormats)), fc.string(), (name, text) => {
        const suggestion = /did you mean "(.+)"\?$/.exec(formatViolation(name, text) ?? '')?.[1];
        return suggestion === undefined || textFormats[name]?.accepts(suggestion) === true;
      }),
    );
  });
});
