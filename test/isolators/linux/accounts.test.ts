// Users of a root file system.
import { expect } from 'chai';
import { findAccount } from '../../../src/isolators/linux/accounts.ts';

const passwd = 'root:x:0:0:root:/root:/bin/sh\nweb:x:1000:1001:web:/srv/web:/bin/sh\n';
const group = 'root:x:0:\nweb:x:1001:\nlogs:x:2000:web,other\n';

describe('accounts', () => {
  it('finds names and numbers, with home, group and memberships', () => {
    const web = { uid: 1000, gid: 1001, home: '/srv/web', groups: [2000] };
    expect(findAccount('web', passwd, group)).to.deep.equal(web);
    expect(findAccount('1000', passwd, group)).to.deep.equal(web);
  });

  it('takes an explicit group instead', () => {
    expect(findAccount('web:logs', passwd, group)).to.deep.equal({
      uid: 1000,
      gid: 2000,
      home: '/srv/web',
      groups: [],
    });
    expect(findAccount('7:8', passwd, group)).to.deep.equal({ uid: 7, gid: 8, home: '/', groups: [] });
  });

  it('takes unlisted numbers, not unlisted names', () => {
    expect(findAccount('4242', passwd, group)).to.deep.equal({ uid: 4242, gid: 0, home: '/', groups: [] });
    expect(findAccount('nobody', passwd, group)).to.equal(undefined);
    expect(findAccount('web:nogroup', passwd, group)).to.equal(undefined);
  });
});
