// Image references and layouts.
import { expect } from 'chai';
import { selectImage } from '../../../src/node-agent/images/oci-layout.ts';
import { parseImageReference, storeCandidates } from '../../../src/node-agent/images/reference.ts';

describe('image references', () => {
  it('reads transports with a path', () => {
    expect(parseImageReference('oci:/a/b:1.0')).to.deep.equal({ transport: 'oci', path: '/a/b', tag: '1.0' });
    expect(parseImageReference('oci-archive:/x.tar')).to.deep.equal({
      transport: 'oci-archive',
      path: '/x.tar',
      tag: undefined,
    });
    expect(parseImageReference('docker-archive:/x.tar:a/b:c')).to.include({
      transport: 'docker-archive',
      tag: 'a/b:c',
    });
  });

  it('reads names with registry, tag and digest', () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    expect(parseImageReference('busybox')).to.deep.equal({
      transport: 'store',
      name: 'busybox',
      tag: 'latest',
      digest: undefined,
    });
    expect(parseImageReference('r.example:5000/a/b-c:v1')).to.include({ name: 'r.example:5000/a/b-c', tag: 'v1' });
    expect(parseImageReference(`a/b@${digest}`)).to.include({ name: 'a/b', digest });
  });

  it('refuses what is none', () => {
    for (const text of ['', 'A B', 'Upper', 'oci:relative', '../up', 'a/../b', 'x:', '/abs']) {
      expect(parseImageReference(text), text).to.equal(undefined);
    }
  });

  it('looks names up as given, then without registry and library', () => {
    expect(storeCandidates('busybox')).to.deep.equal(['busybox', 'library/busybox']);
    expect(storeCandidates('r.example/library/busybox')).to.deep.equal([
      'r.example/library/busybox',
      'library/busybox',
      'busybox',
    ]);
  });

  it('selects by digest, tag, the end of a name, or because it is the only one', () => {
    const image = (digest: string, name?: string) => ({ digest, name, isList: false });
    const several = [image('d1', '1.0'), image('d2', 'r/x:2.0')];
    expect(selectImage(several, '1.0')?.digest).to.equal('d1');
    expect(selectImage(several, '2.0')?.digest).to.equal('d2');
    expect(selectImage(several, 'x', 'd2')?.digest).to.equal('d2');
    expect(selectImage(several, undefined)).to.equal(undefined);
    expect(selectImage([image('d3')], 'latest')?.digest).to.equal('d3');
    expect(selectImage([image('d3', '3')], undefined)?.digest).to.equal('d3');
    expect(selectImage([image('d3', '3')], '4')).to.equal(undefined);
  });
});
