// Files from ConfigMaps and Secrets, and how they change.
import { expect } from 'chai';
import { lstat, mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeAtomically } from '../../../src/isolators/volumes/atomic-directory.ts';
import { configMapEntries, payloadFiles, secretEntries } from '../../../src/isolators/volumes/payload.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const source = {
  title: 'configmap "x"',
  entries: new Map([
    ['a', bytes('1')],
    ['b', bytes('2')],
  ]),
  items: undefined,
  optional: false,
  defaultMode: 0o644,
};

describe('files of volumes', () => {
  it('decodes data, binaryData and secrets', () => {
    const map = configMapEntries({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {},
      data: { a: 'ä' },
      binaryData: { b: 'AAE=' },
    });
    expect([...(map ?? [])].map(([key, value]) => [key, [...value]])).to.deep.equal([
      ['a', [195, 164]],
      ['b', [0, 1]],
    ]);
    const secret = secretEntries({ apiVersion: 'v1', kind: 'Secret', metadata: {}, data: { p: 'czNjcmV0' } });
    expect(new TextDecoder().decode(secret?.get('p'))).to.equal('s3cret');
    expect([configMapEntries(undefined), secretEntries(undefined)]).to.deep.equal([undefined, undefined]);
  });

  it('takes all keys, or the items with path and mode', () => {
    expect(payloadFiles(source).map(({ path, mode }) => [path, mode])).to.deep.equal([
      ['a', 0o644],
      ['b', 0o644],
    ]);
    const items = [{ key: 'b', path: 'deep/b.txt', mode: 0o400 }];
    expect(payloadFiles({ ...source, items })).to.deep.equal([
      { path: 'deep/b.txt', content: bytes('2'), mode: 0o400 },
    ]);
  });

  it('names the missing object or key, unless it is optional', () => {
    expect(() => payloadFiles({ ...source, entries: undefined })).to.throw('configmap "x" not found');
    expect(() => payloadFiles({ ...source, items: [{ key: 'z', path: 'z' }] })).to.throw(/no key "z"; found a, b/);
    expect(payloadFiles({ ...source, entries: undefined, optional: true })).to.deep.equal([]);
    expect(payloadFiles({ ...source, items: [{ key: 'z', path: 'z' }], optional: true })).to.deep.equal([]);
  });

  it('refuses paths that leave the volume', () => {
    for (const path of ['../x', '/x', 'a/../x', '']) {
      expect(() => payloadFiles({ ...source, items: [{ key: 'a', path }] }), path).to.throw(/relative path/);
    }
  });

  it('replaces a set of files at once and removes what is gone', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'tepui-volume-'));
    const file = (path: string, text: string, mode = 0o644) => ({ path, content: bytes(text), mode });
    await writeAtomically(directory, [file('a', '1'), file('d/x', '2', 0o400)], undefined);
    expect((await readdir(directory)).filter((name) => !name.startsWith('..'))).to.deep.equal(['a', 'd']);
    expect((await lstat(join(directory, 'a'))).isSymbolicLink()).to.equal(true);
    expect((await stat(join(directory, 'd/x'))).mode & 0o777).to.equal(0o400);
    const before = await readdir(directory);
    await writeAtomically(directory, [file('a', '1'), file('d/x', '2', 0o400)], undefined);
    expect(await readdir(directory)).to.deep.equal(before);
    await writeAtomically(directory, [file('a', '9')], undefined);
    expect(await readFile(join(directory, 'a'), 'utf8')).to.equal('9');
    expect(await readdir(directory))
      .to.have.length(3)
      .and.not.include('d');
    await rm(directory, { recursive: true });
  });
});
