// How large a volume in memory may become.
import { expect } from 'chai';
import { memoryVolumeBytes } from '../../../src/isolators/volumes/empty-dir.ts';

const mebibyte = 2 ** 20;
const spec = (...limits: (string | undefined)[]) => ({
  containers: limits.map((memory, index) => ({
    name: `c${index}`,
    ...(memory === undefined ? {} : { resources: { limits: { memory } } }),
  })),
});
const volume = (sizeLimit?: string) => ({
  name: 'v',
  emptyDir: { medium: 'Memory', ...(sizeLimit === undefined ? {} : { sizeLimit }) },
});

describe('a volume in memory', () => {
  it('is bounded by its own limit and by what the containers may use together', () => {
    expect(memoryVolumeBytes(volume('8Mi'), spec('32Mi', '32Mi'))).to.equal(8 * mebibyte);
    expect(memoryVolumeBytes(volume(), spec('32Mi', '32Mi'))).to.equal(64 * mebibyte);
    expect(memoryVolumeBytes(volume('1Gi'), spec('32Mi'))).to.equal(32 * mebibyte);
  });

  it('is bounded by its own limit alone when a container has none', () => {
    expect(memoryVolumeBytes(volume('8Mi'), spec('4Mi', undefined))).to.equal(8 * mebibyte);
    expect(memoryVolumeBytes(volume(), spec('32Mi', undefined))).to.equal(undefined);
  });
});
