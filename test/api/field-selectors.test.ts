// Field selectors: parsing with escapes, matching, and what an index can serve.
import { expect } from 'chai';
import fc from 'fast-check';
import { matchesFields, parseFieldSelector, requiredFields } from '../../src/api/field-selectors.ts';

describe('field selectors', () => {
  it('understands =, == and != and joins terms by AND', () => {
    const selector = parseFieldSelector('metadata.name=web,spec.nodeName==n1,status.phase!=Failed');
    expect(matchesFields(selector, { 'metadata.name': 'web', 'spec.nodeName': 'n1' })).to.equal(true);
    expect(matchesFields(selector, { 'metadata.name': 'web', 'spec.nodeName': 'n2' })).to.equal(false);
    expect(
      matchesFields(selector, { 'metadata.name': 'web', 'spec.nodeName': 'n1', 'status.phase': 'Failed' }),
    ).to.equal(false);
    expect(requiredFields(selector)).to.deep.equal({ 'metadata.name': 'web', 'spec.nodeName': 'n1' });
  });

  it('accepts empty values, empty terms and the empty selector', () => {
    expect(parseFieldSelector('')).to.deep.equal([]);
    expect(parseFieldSelector(',a=1,')).to.deep.equal([{ field: 'a', operator: '=', value: '1' }]);
    expect(matchesFields(parseFieldSelector('involvedObject.namespace='), {})).to.equal(true);
    expect(matchesFields(parseFieldSelector('spec.nodeName!='), { 'spec.nodeName': '' })).to.equal(false);
  });

  it('reads back any escaped value', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const escaped = value.replaceAll(/[\\,=]/g, String.raw`\$&`);
        expect(parseFieldSelector(`a=${escaped},b!=c`)).to.deep.equal([
          { field: 'a', operator: '=', value },
          { field: 'b', operator: '!=', value: 'c' },
        ]);
      }),
    );
  });

  it('refuses what it cannot read', () => {
    expect(() => parseFieldSelector('name')).to.throw('unable to parse field selector "name": "name" has none of');
    expect(() => parseFieldSelector('a=b=c')).to.throw('in the value "b=c" write');
    expect(() => parseFieldSelector(String.raw`a=b\n`)).to.throw('write');
    expect(() => parseFieldSelector('a=b\\')).to.throw('write');
  });

  it('refuses fields that the resource cannot be selected by', () => {
    const supported = new Set(['metadata.name', 'status.phase']);
    expect(parseFieldSelector('status.phase=x', supported)).to.have.length(1);
    expect(() => parseFieldSelector('spec.x=1', supported)).to.throw(
      'field label not supported: spec.x (supported are metadata.name, status.phase)',
    );
  });
});
