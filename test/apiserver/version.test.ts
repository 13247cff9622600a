// What the server says of itself.
import { expect } from 'chai';
import { createHealth, createVersion } from '../../src/apiserver/version.ts';
import { apiRequest, bodyJson, bodyText } from '../support/api-request.ts';

const build = { version: '0.1.0', platform: 'linux/amd64', runtime: 'node v20' };

describe('version', () => {
  it('claims an API level in whole numbers and names our own version as the build', () => {
    const response = createVersion({ ...build, gitCommit: 'abc', buildDate: '2026-01-01T00:00:00Z' })(
      apiRequest('/version?timeout=32s'),
    );
    expect(response?.headers['content-type']).to.equal('application/json');
    expect(bodyJson(response)).to.include({
      major: '1',
      minor: '36',
      gitVersion: 'v1.36.0+tepui.0.1.0',
      gitCommit: 'abc',
      buildDate: '2026-01-01T00:00:00Z',
      platform: 'linux/amd64',
    });
    expect(bodyJson(createVersion(build)(apiRequest('/version')))).to.include({ gitCommit: '', buildDate: '' });
  });

  it('answers reads of its path only', () => {
    expect(createVersion(build)(apiRequest('/versions'))).to.equal(undefined);
    expect(createVersion(build)(apiRequest('/version', { method: 'POST' }))).to.equal(undefined);
  });
});

describe('health', () => {
  let journal: string | undefined;
  const health = createHealth({
    live: [{ name: 'loop', problem: () => undefined }],
    ready: [{ name: 'journal', problem: () => journal }],
  });
  beforeEach(() => {
    journal = undefined;
  });

  it('is a plain ok while all is well', () => {
    for (const path of ['/healthz', '/livez', '/readyz', '/readyz/journal', '/livez/loop']) {
      const response = health(apiRequest(path));
      expect(response?.status, path).to.equal(200);
      expect(bodyText(response)).to.equal('ok');
      expect(response?.headers['content-type']).to.equal('text/plain; charset=utf-8');
    }
  });

  it('lists the checks when asked', () => {
    expect(bodyText(health(apiRequest('/readyz?verbose')))).to.equal(
      '[+]ping ok\n[+]loop ok\n[+]journal ok\nreadyz check passed\n',
    );
    expect(bodyText(health(apiRequest('/livez?verbose')))).not.to.contain('journal');
  });

  it('fails readiness, not liveness, when a part is not ready, and says which', () => {
    journal = 'still being read';
    const response = health(apiRequest('/readyz'));
    expect(response?.status).to.equal(500);
    expect(bodyText(response)).to.contain('[-]journal failed: still being read\nreadyz check failed\n');
    expect(health(apiRequest('/readyz/journal'))?.status).to.equal(500);
    expect(health(apiRequest('/readyz?exclude=journal'))?.status).to.equal(200);
    expect(health(apiRequest('/livez'))?.status).to.equal(200);
  });

  it('leaves everything else to others', () => {
    for (const path of ['/', '/readyz/nothing', '/readyz/journal/x', '/toString', '/api'])
      expect(health(apiRequest(path)), path).to.equal(undefined);
    expect(health(apiRequest('/readyz', { method: 'POST' }))).to.equal(undefined);
  });
});
