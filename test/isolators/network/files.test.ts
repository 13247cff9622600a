// /etc/hosts and /etc/resolv.conf of a pod.
import { expect } from 'chai';
import type { Pod } from '../../../src/api/types.gen.ts';
import { hostsFile, resolverFile } from '../../../src/isolators/network/files.ts';

describe('network files', () => {
  it('names the pod and its aliases in hosts', () => {
    const pod: Pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web-0', namespace: 'shop' },
      spec: { containers: [], subdomain: 'web', hostAliases: [{ ip: '10.0.0.9', hostnames: ['db', 'db.local'] }] },
    };
    expect(hostsFile(pod, '192.0.2.7'))
      .to.match(/^192\.0\.2\.7\tweb-0\.web\.shop\.svc\tweb-0$/m)
      .and.match(/^10\.0\.0\.9\tdb\tdb\.local$/m);
  });

  it("keeps the host's resolver, or takes only the pod's own with None", () => {
    const config = {
      nameservers: ['192.0.2.53'],
      searches: ['a', 'b'],
      options: [{ name: 'ndots', value: '2' }, { name: 'edns0' }],
    };
    expect(resolverFile('nameserver 192.0.2.1\n', undefined, undefined)).to.equal('nameserver 192.0.2.1\n');
    expect(resolverFile('nameserver 192.0.2.1\n', 'None', config)).to.equal(
      'nameserver 192.0.2.53\nsearch a b\noptions ndots:2 edns0\n',
    );
  });
});
