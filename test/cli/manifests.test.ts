import { expect } from 'chai';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseManifests, readManifests } from '../../src/cli/manifests.ts';

const pod = (name: string) => `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n`;

describe('manifests', () => {
  it('reads several documents and says where each begins', () => {
    const found = parseManifests(`${pod('a')}---\n# nothing\n---\n${pod('b')}`, 'app.yaml');
    expect(found.map(({ object, source }) => [object.metadata.name, source])).to.deep.equal([
      ['a', 'app.yaml:1'],
      ['b', 'app.yaml:8'],
    ]);
  });

  it('takes lists apart', () => {
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [{ apiVersion: 'v1', kind: 'Secret' }] });
    expect(parseManifests(list, 'x').map(({ object }) => object.kind)).to.deep.equal(['Secret']);
  });

  it('names file, line and column of what is wrong', () => {
    expect(() => parseManifests('a: 1\na: 2\n', 'x.yaml')).to.throw('x.yaml:2:1: Map keys must be unique');
    expect(() => parseManifests('kind: Pod\n', 'x.yaml')).to.throw('x.yaml:1: apiVersion is missing');
    expect(() => parseManifests('just text', 'x.yaml')).to.throw('expected an object with apiVersion and kind');
    expect(() => parseManifests(`${pod('a')}---\n- 1\n`, 'x.yaml')).to.throw('x.yaml:6: expected an object');
    expect(() => parseManifests('apiVersion: v1\nkind: Pod\nmetadata: web\n', 'x')).to.throw('found "web"');
  });

  it('bounds aliases', () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x]'];
    for (const [from, to] of ['a b', 'b c', 'c d', 'd e'].map((pair) => pair.split(' '))) {
      bomb.push(
        `${to ?? ''}: &${to ?? ''} [${Array(8)
          .fill(`*${from ?? ''}`)
          .join(', ')}]`,
      );
    }
    expect(() => parseManifests(bomb.join('\n'), 'x')).to.throw('alias');
  });

  describe('from folders', () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'tepui-manifests-'));
      mkdirSync(join(folder, 'inner'));
      writeFileSync(join(folder, 'b.yaml'), pod('b'));
      writeFileSync(join(folder, 'a.yml'), pod('a'));
      writeFileSync(join(folder, 'notes.txt'), 'not a manifest');
      writeFileSync(
        join(folder, 'inner/c.json'),
        JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'c' } }),
      );
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    const names = (recursive: boolean) => readManifests([folder], recursive).map(({ object }) => object.metadata.name);

    it('reads the files of a folder in order, and its folders when asked', () => {
      expect(names(false)).to.deep.equal(['a', 'b']);
      expect(names(true)).to.have.members(['a', 'b', 'c']);
    });

    it('says when there is nothing', () => {
      expect(() => readManifests([join(folder, 'missing')])).to.throw('does not exist');
      expect(() => readManifests([join(folder, 'notes.txt')])).to.throw('expected an object');
      expect(() => readManifests([join(folder, 'inner')])).to.not.throw();
      rmSync(join(folder, 'inner/c.json'));
      expect(() => readManifests([join(folder, 'inner')])).to.throw('no manifests in the folder');
    });

    it('refuses URLs, and says how to go about them', () => {
      expect(() => readManifests(['https://example.com/a.yaml'])).to.throw('curl -fsSL https://example.com/a.yaml');
    });
  });
});
