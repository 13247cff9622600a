// When a server keeps its certificate, and when it makes another.
import { X509Certificate } from 'node:crypto';
import { expect } from 'chai';
import { createHome, locateHome, type Home } from '../../../src/cmd/home.ts';
import { newAuthority } from '../../../src/cmd/identity/cluster-identity.ts';
import { loadServerCertificate } from '../../../src/cmd/identity/server-certificate.ts';
import type { KeyedCertificate } from '../../../src/lib/certificates.ts';
import { isClientOf } from '../../../src/lib/inspect-certificate.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import { createTempFolder, type TempFolder } from '../../support/temp-folder.ts';

const dayMs = 86_400_000;

describe('the certificate of a server', () => {
  let folder: TempFolder;
  let home: Home;
  let clock: FakeClock;
  let authority: KeyedCertificate;
  beforeEach(async () => {
    folder = await createTempFolder();
    home = locateHome(folder.path);
    createHome(home);
    clock = createFakeClock();
    authority = await newAuthority(clock);
  });
  afterEach(() => folder.remove());
  const load = (hosts: readonly string[] = [], by = authority) => loadServerCertificate(home, by, hosts, clock);

  it('bears all names of the server, and is one for servers and for clients', async () => {
    const leaf = new X509Certificate(
      (await load(['Node-1', 'api.example.com', '10.0.0.7', 'fd00::7', ''])).certificate,
    );
    expect(leaf.subject).to.equal('O=system:servers\nCN=tepui-server');
    for (const name of ['localhost', 'node-1', 'api.example.com', 'kubernetes.default.svc']) {
      expect(leaf.checkHost(name), name).to.equal(name);
    }
    for (const address of ['127.0.0.1', '::1', '10.0.0.7', 'fd00::7']) expect(leaf.checkIP(address)).to.equal(address);
    expect(isClientOf(leaf.raw, authority.certificate, clock.now())).to.equal(true);
  });

  it('is kept while it is good', async () => {
    const first = await load(['a.example']);
    await clock.advance(200 * dayMs);
    expect(await load(['a.example'])).to.deep.equal(first);
    expect(await load()).to.deep.equal(first);
  });

  it('is made anew for another address, another authority, and in the last third of its life', async () => {
    const made = [await load(['a.example']), await load(['b.example']), await load(['b.example', '10.0.0.7'])];
    const other = await newAuthority(clock);
    made.push(await load(['b.example'], other));
    await clock.advance(250 * dayMs);
    made.push(await load(['b.example'], other));
    expect(new Set(made.map(({ certificate }) => certificate)).size).to.equal(made.length);
    expect(await load(['b.example'], other)).to.deep.equal(made.at(-1));
  });
});
