// Which parts of the host a container without an image sees.
import { expect } from 'chai';
import { planHostRoot } from '../../../src/isolators/filesystem/host-root.ts';

const entries = [
  { name: 'bin', link: 'usr/bin' },
  ...['usr', 'etc', 'var', 'root', 'home', 'tmp', 'proc'].map((name) => ({ name })),
];
const facts = { entries, submounts: [], missing: [], hidden: [], mountPoints: '/b/mount-points' };

describe('root from the host', () => {
  it('binds top-level directories read-only, recursively, and copies links', () => {
    const plan = planHostRoot(facts);
    expect(plan.mounts.map((mount) => mount.destination)).to.deep.equal(['/usr', '/etc', '/var']);
    for (const mount of plan.mounts) expect(mount.options).to.include('rro').and.include('rbind');
    expect(plan.links).to.deep.equal([{ name: 'bin', target: 'usr/bin' }]);
    expect(plan.directories).to.include.members(['root', 'home', 'tmp', 'proc']);
  });

  it('layers a directory that needs a new mount point, with what is mounted below it', () => {
    const missing = [
      { path: '/etc/app/config', kind: 'directory' as const },
      { path: '/data', kind: 'directory' as const },
    ];
    const plan = planHostRoot({ ...facts, missing, submounts: ['/etc/pki', '/usr/local'] });
    const etc = plan.mounts.filter((mount) => mount.destination.startsWith('/etc'));
    expect(etc.map(({ destination, type }) => [destination, type])).to.deep.equal([
      ['/etc', 'overlay'],
      ['/etc/pki', 'bind'],
    ]);
    expect(etc[0]?.options).to.include('lowerdir=/b/mount-points/etc:/etc');
    expect(plan.mountPoints).to.deep.equal([missing[0]]);
  });

  it('covers hidden directories that would show', () => {
    const plan = planHostRoot({ ...facts, hidden: ['/var/lib/tepui', '/root/.tepui'] });
    const covers = plan.mounts.filter((mount) => mount.type === 'tmpfs');
    expect(covers.map((mount) => mount.destination)).to.deep.equal(['/var/lib/tepui']);
    expect(covers[0]?.options).to.include('mode=000').and.include('ro');
  });
});
