// Documents that clients keep.
import { expect } from 'chai';
import type { KeptDocument } from '../../src/apiserver/document-response.ts';
import { acceptedTypes, contentTag, respondDocument } from '../../src/apiserver/document-response.ts';
import { apiRequest, bodyText } from '../support/api-request.ts';

const unread = (): Uint8Array => {
  throw new Error('must not be read');
};
const document: KeptDocument = { contentType: 'application/json', tag: 'T', read: () => Buffer.from('{}') };

describe('document responses', () => {
  it('send the document with its tag', () => {
    const response = respondDocument(apiRequest('/x'), document);
    expect(response.status).to.equal(200);
    expect(bodyText(response)).to.equal('{}');
    expect(response.headers).to.deep.equal({
      'content-type': 'application/json',
      etag: '"T"',
      vary: 'Accept',
      'cache-control': 'no-cache, private',
    });
  });

  it('send nothing to whoever has it, without building it', () => {
    for (const tag of ['"T"', 'W/"T"', '"S", "T"', '*']) {
      const request = apiRequest('/x', { headers: { 'if-none-match': tag } });
      const response = respondDocument(request, { ...document, read: unread });
      expect(response.status, tag).to.equal(304);
      expect(response.headers['etag']).to.equal('"T"');
    }
    const other = apiRequest('/x', { headers: { 'if-none-match': '"S"' } });
    expect(respondDocument(other, document).status).to.equal(200);
  });

  it('say when a document may be kept for good', () => {
    const response = respondDocument(apiRequest('/x'), { ...document, isImmutable: true });
    expect(response.headers['cache-control']).to.equal('public, max-age=31536000, immutable');
  });

  it('tell parts apart, also where they join differently', () => {
    expect(contentTag('ab', 'c')).to.equal(contentTag('ab', 'c'));
    expect(contentTag('ab', 'c')).not.to.equal(contentTag('a', 'bc'));
  });

  it('read Accept in the order listed, parameters sorted, quality aside', () => {
    const headers = { accept: 'Application/JSON;v=v2;g=x, text/plain;q=0.5, */*' };
    expect(acceptedTypes(apiRequest('/x', { headers }))).to.deep.equal([
      'application/json;g=x;v=v2',
      'text/plain',
      '*/*',
    ]);
    expect(acceptedTypes(apiRequest('/x'))).to.deep.equal(['*/*']);
  });
});
