// When a server keeps its certificate, and when it makes another.
import { X509Certificate } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { createHome, locateHome, type Home } from '../../../src/cmd/home.ts';
import { newAuthority } from '../../../src/cmd/identity/cluster-identity.ts';
import { loadServerCertificate, openServerCertificate } from '../../../src/cmd/identity/server-certificate.ts';
import type { KeyedCertificate } from '../../../src/lib/certificates.ts';
import { isClientOf } from '../../../src/lib/inspect-certificate.ts';
import { silentLog } from '../../../src/lib/log.ts';
import { eventually } from '../../support/eventually.ts';
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

  describe('while the server runs', () => {
    const settled = () => new Promise((resolve) => setTimeout(resolve, 0));
    let renewed: KeyedCertificate[];
    let stopping: AbortController;
    let ended: Promise<void>;
    const run = async () => {
      const opened = await openServerCertificate(home, authority, [], { clock, log: silentLog });
      [renewed, stopping] = [[], new AbortController()];
      ended = opened.keepFresh((pair) => renewed.push(pair), stopping.signal);
      return opened;
    };
    const days = async (count: number) => {
      for (let day = 0; day < count; day++) {
        await clock.advance(dayMs);
        await settled();
      }
    };
    afterEach(async () => {
      stopping.abort();
      await ended;
      expect(clock.pendingTimers).to.equal(0);
    });

    it('is renewed after two thirds of its life, again and again, and the next start finds it', async () => {
      const opened = await run();
      const first = opened.current;
      await days(243);
      expect([renewed, opened.current]).to.deep.equal([[], first]);
      for (let times = 1; times <= 2; times++) {
        await days(2);
        await eventually('it to be renewed', () => renewed.length === times);
        expect(opened.current).to.deep.equal(renewed.at(-1));
        expect(await load()).to.deep.equal(opened.current);
        await days(242);
      }
    });

    it('is tried again an hour later when that fails', async () => {
      const opened = await run();
      const first = opened.current;
      await days(243);
      rmSync(join(home.path, 'pki'), { recursive: true });
      writeFileSync(join(home.path, 'pki'), 'no folder');
      await days(1);
      expect(opened.current).to.deep.equal(first);
      rmSync(join(home.path, 'pki'));
      createHome(home);
      await clock.advance(dayMs / 24);
      await eventually('it to be renewed', () => renewed.length === 1);
      expect(opened.current).to.deep.equal(renewed[0]);
    });
  });
});
