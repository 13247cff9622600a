// What may be a name, a label key or a label value.
import { expect } from 'chai';
import fc from 'fast-check';
import { dnsLabelProblem, dnsSubdomainProblem, labelKeyProblem, labelValueProblem } from '../../src/api/names.ts';

const suggestionIn = (problem: string | undefined): string | undefined => /\(try "(.*)"\)/.exec(problem ?? '')?.[1];

describe('names', () => {
  it('accepts what Kubernetes accepts', () => {
    for (const name of ['a', 'web-1', '0', 'a'.repeat(63)]) expect(dnsLabelProblem(name), name).to.equal(undefined);
    for (const name of ['a.b', 'x-1.example.com', 'a'.repeat(253)])
      expect(dnsSubdomainProblem(name), name).to.equal(undefined);
    for (const key of ['app', 'app.kubernetes.io/name', 'A_b.c-1', `example.com/${'a'.repeat(63)}`])
      expect(labelKeyProblem(key), key).to.equal(undefined);
    for (const value of ['', 'v1.2_3-X', '1'.repeat(63)]) expect(labelValueProblem(value), value).to.equal(undefined);
  });

  it('refuses the rest and says what would do', () => {
    expect(suggestionIn(dnsLabelProblem('My_App'))).to.equal('my-app');
    expect(suggestionIn(dnsLabelProblem('a.b'))).to.equal('a-b');
    expect(suggestionIn(dnsSubdomainProblem('Web..Example.com-'))).to.equal('web.example.com');
    expect(suggestionIn(labelValueProblem('-hello world-'))).to.equal('hello-world');
    expect(suggestionIn(labelValueProblem('é'))).to.equal(undefined);
    expect(suggestionIn(dnsLabelProblem('a'.repeat(64)))).to.equal('a'.repeat(63));
  });

  it('says how long is too long', () => {
    expect(dnsLabelProblem('a'.repeat(64))).to.contain('has 64 characters, at most 63');
    expect(dnsSubdomainProblem('a'.repeat(254))).to.contain('at most 253');
    expect(dnsLabelProblem('')).to.equal('must not be empty');
  });

  it('tells the parts of a label key apart', () => {
    expect(labelKeyProblem('Example.com/name')).to.match(/^its prefix must consist of lower-case/);
    expect(labelKeyProblem('example.com/')).to.equal("its part after the '/' must not be empty");
    expect(labelKeyProblem('/name')).to.equal('its prefix must not be empty');
    expect(labelKeyProblem('a/b/c')).to.match(/^its part after the '\/'/);
  });

  it('suggests only names that it would accept', () => {
    for (const problemOf of [dnsLabelProblem, dnsSubdomainProblem, labelValueProblem])
      fc.assert(
        fc.property(fc.string({ maxLength: 300 }), (text) => {
          const suggestion = suggestionIn(problemOf(text));
          if (suggestion !== undefined) expect(problemOf(suggestion)).to.equal(undefined);
        }),
      );
  });
});
