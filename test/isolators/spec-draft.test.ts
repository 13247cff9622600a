// Order of mounts in the runtime spec.
import { expect } from 'chai';
import { bindMount, draftSpec, orderMounts } from '../../src/isolators/spec-draft.ts';

describe('draft of the runtime spec', () => {
  it('begins without any capability and with devices denied', () => {
    const { process, linux } = draftSpec('/tepui/n/p/c');
    expect(process.capabilities).to.deep.equal({ bounding: [], effective: [], permitted: [] });
    expect(linux.cgroupsPath).to.equal('/tepui/n/p/c');
    expect(linux.resources.devices).to.deep.equal([{ allow: false, access: 'rwm' }]);
  });

  it('mounts parents first, and the last mount given for a destination', () => {
    const mounts = ['/a/b/c', '/a', '/d', '/a/b'].map((path) => bindMount('/x', path, 'ro'));
    const ordered = orderMounts([...mounts, bindMount('/y', '/d', 'rw')]);
    expect(ordered.map(({ destination, source }) => `${source}:${destination}`)).to.deep.equal([
      '/x:/a',
      '/y:/d',
      '/x:/a/b',
      '/x:/a/b/c',
    ]);
  });
});
