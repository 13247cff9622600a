import { expect } from 'chai';
import { describeZookeeper, invalidPath, parseZookeeperUrl } from '../../src/zookeeper/address.ts';

describe('connection string', () => {
  it('has servers, a path and credentials', () => {
    expect(parseZookeeperUrl('zk://us%40r:p%3A%2Fs:s@zk1:2182,10.0.0.2/mesos/tepui')).to.deep.equal({
      servers: [
        { host: 'zk1', port: 2182 },
        { host: '10.0.0.2', port: 2181 },
      ],
      path: '/mesos/tepui',
      credentials: { user: 'us@r', password: 'p:/s:s' },
    });
  });

  it('has port 2181 and path /tepui by default', () => {
    for (const text of ['zk://zk1', 'zk://zk1/', 'zk://zk1:2181/tepui/']) {
      expect(parseZookeeperUrl(text)).to.deep.equal({
        servers: [{ host: 'zk1', port: 2181 }],
        path: '/tepui',
        credentials: undefined,
      });
    }
  });

  it('has IPv6 addresses in brackets', () => {
    const address = parseZookeeperUrl('zk://[::1]:2182,[fe80::1]/x');
    expect(address.servers).to.deep.equal([
      { host: '::1', port: 2182 },
      { host: 'fe80::1', port: 2181 },
    ]);
    expect(describeZookeeper(address)).to.equal('zk://[::1]:2182,[fe80::1]:2181/x');
  });

  it('is described without its credentials', () => {
    const text = describeZookeeper(parseZookeeperUrl('zk://admin:secret@zk1,zk2:2182/x'));
    expect(text).to.equal('zk://zk1:2181,zk2:2182/x');
  });

  const wrong: readonly (readonly [string, RegExp])[] = [
    ['zk1:2181/tepui', /does not begin so/],
    ['http://admin:secret@zk1', /found "zk1"/],
    ['zk://', /an empty host/],
    ['zk://zk1,,zk2', /an empty host/],
    ['zk://zk1:99999', /port 99999 of zk1/],
    ['zk://zk1:port', /"zk1:port" as a server/],
    ['zk://fe80::1/x', /IPv6 address goes in brackets/],
    ['zk://zk1//x', /path "\/\/x": a name in it is empty/],
    ['zk://zk1/a/../b', /"\.\." is no name/],
    ['zk://secret@zk1', /not USER:PASSWORD/],
    ['zk://user:secret%@zk1', /not followed by two hexadecimal digits/],
  ];
  for (const [text, message] of wrong) {
    it(`is not ${text}`, () => {
      expect(() => parseZookeeperUrl(text))
        .to.throw(message)
        .with.property('message')
        .that.matches(/expected zk:\/\//)
        .and.not.matches(/secret/);
    });
  }

  it('tells what is wrong with a path', () => {
    expect(invalidPath('/')).to.equal(undefined);
    expect(invalidPath('/a/b-1')).to.equal(undefined);
    expect(invalidPath('a')).to.match(/begin with/);
    expect(invalidPath('/a/')).to.match(/empty/);
    expect(invalidPath('/a\u0000')).to.match(/forbidden/);
  });
});
