// The commands as people run them: backups restored in all directions between homes and a real ZooKeeper, and journals
// looked at from outside.
import { expect } from 'chai';
import { execa } from 'execa';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { locateHome } from '../../../src/cmd/home.ts';
import { newIdentityParts } from '../../../src/cmd/identity/cluster-identity.ts';
import { loadHomeIdentity } from '../../../src/cmd/identity/home-keeper.ts';
import { identitySection } from '../../../src/cmd/identity/identity-section.ts';
import { loadSharedIdentity } from '../../../src/cmd/identity/zookeeper-keeper.ts';
import { withZookeeper } from '../../../src/cmd/zookeeper-connection.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { silentLog } from '../../../src/lib/log.ts';
import { packagePath } from '../../../src/lib/package-root.ts';
import { encryptBackup } from '../../../src/store/backup-cipher.ts';
import { backupSource } from '../../../src/store/backup.ts';
import { openEmbeddedMedium } from '../../../src/store/media/embedded.ts';
import { openZookeeperMedium } from '../../../src/store/media/zookeeper.ts';
import type { Store } from '../../../src/store/store.ts';
import { contents, openStore, pod, podKey } from '../../support/store-objects.ts';
import { createTempFolder, type TempFolder } from '../../support/temp-folder.ts';
import { startEnsemble, type Ensemble } from '../../support/zookeeper-ensemble.ts';

const mainModule = packagePath('dist/src/cmd/main.js');

async function tepui(...args: string[]) {
  const { stdout, stderr, exitCode } = await execa(process.execPath, [mainModule, ...args], { reject: false });
  expect(stderr).to.not.match(/\n\s+at /);
  return { stdout, stderr, exitCode };
}

async function writeBackup(file: string, store: Store, passphrase?: string): Promise<void> {
  const identity = identitySection({ ...(await newIdentityParts(systemClock)), clusterId: 'c1', dataKey: undefined });
  const origin = {
    clusterId: 'c1',
    epoch: 7,
    created: '2026-01-31T12:00:00Z',
    program: '1.2.3',
    fieldsVersion: 'test',
  };
  const plain = backupSource(store, { ...origin, identity });
  const chunks: Uint8Array[] = [];
  for await (const chunk of passphrase === undefined ? plain : encryptBackup(plain, passphrase, { cost: 16 })) {
    chunks.push(chunk);
  }
  writeFileSync(file, Buffer.concat(chunks));
}

async function sourceStore(): Promise<Store> {
  const store = await openStore();
  for (const name of ['a', 'b', 'c']) await store.transact((draft) => draft.put(podKey(name), pod(name)));
  await store.transact((draft) =>
    draft.put(
      { resource: 'secrets', namespace: 'default', name: 's' },
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { password: 'aHVudGVyMg==' } },
    ),
  );
  return store;
}

describe('tepui restore and tepui journal', () => {
  let folder: TempFolder;
  let store: Store;
  let file: string;
  before(async () => {
    folder = await createTempFolder();
    store = await sourceStore();
    file = join(folder.path, 'backup');
    await writeBackup(file, store);
  });
  after(() => folder.remove());

  describe('a home', () => {
    let home: string;
    before(() => {
      home = join(folder.path, 'home');
    });

    it('takes the backup: objects, identity, permissions; and says what to do next', async () => {
      const { stdout, stderr, exitCode } = await tepui('restore', file, '--home', home);
      expect(exitCode, stderr).to.equal(0);
      expect(stdout).to.match(
        /the cluster c1 into .*4 objects.*revision 4.*from revision 2000000000.*tepui dev --home/s,
      );
      const restored = await openStore(await openEmbeddedMedium({ directory: join(home, 'journal') }));
      expect(contents(restored)).to.deep.equal(contents(store));
      await restored.close();
      expect((await loadHomeIdentity(locateHome(home), systemClock)).clusterId).to.equal('c1');
    });

    it('is not overwritten unless that is forced', async () => {
      const refused = await tepui('restore', file, '--home', home);
      expect([refused.exitCode, refused.stderr]).to.satisfy(
        ([code, text]: [number, string]) => code === 1 && text.includes('--force'),
      );
      expect((await tepui('restore', file, '--home', home, '--force')).exitCode).to.equal(0);
    });

    it('is listed, checked and shown, and stays as it is', async () => {
      const files = () =>
        readdirSync(join(home, 'journal/entries')).map((name) => [
          name,
          readFileSync(join(home, 'journal/entries', name)).toString('base64'),
        ]);
      const before = files();
      const ls = await tepui('journal', 'ls', '--home', home);
      expect(ls.stdout).to.match(
        /PART +EPOCH +SEQUENCE.*\nsnapshot +10000\d\d +1-\d+ +1-2000000000 +4 objects in 1 piece/,
      );
      const check = await tepui('journal', 'check', '--home', home);
      expect([check.exitCode, check.stdout]).to.satisfy(
        ([code, text]: [number, string]) => code === 0 && text.includes('is whole: 4 objects in the snapshot'),
      );
      const masked = await tepui('journal', 'show', '--home', home, '--key', 'secrets');
      expect(masked.stdout).to.match(/put: secrets\/default\/s/);
      expect(masked.stdout).to.not.contain('aHVudGVyMg==');
      expect(masked.stdout).to.contain('7 bytes');
      const open = await tepui(
        'journal',
        'show',
        '--home',
        home,
        '--key',
        'secrets/default/s',
        '--secrets',
        '-o',
        'json',
      );
      expect(open.stdout).to.contain('aHVudGVyMg==');
      expect(files()).to.deep.equal(before);
      expect(readdirSync(join(home, 'journal')).filter((name) => name.startsWith('reading-'))).to.deep.equal([]);
    });

    it('tells damage from what it cannot read by the exit code', async () => {
      const absent = await tepui('journal', 'check', '--home', join(folder.path, 'absent'));
      expect([absent.exitCode, absent.stderr.includes('found none')]).to.deep.equal([2, true]);
      expect(existsSync(join(folder.path, 'absent'))).to.equal(false);
      const damaged = join(folder.path, 'damaged');
      const medium = await openEmbeddedMedium({ directory: join(damaged, 'journal') });
      await medium.append(await medium.claim(), [{ sequence: 1, bytes: Buffer.from('nonsense') }]);
      await medium.close();
      for (const command of ['ls', 'check', 'show']) {
        const { exitCode, stderr } = await tepui('journal', command, '--home', damaged);
        expect([exitCode, stderr], command).to.satisfy(
          ([code, text]: [number, string]) => code === 1 && text.includes('damaged at entry 1'),
        );
      }
    });
  });

  describe('a file', () => {
    const failure = async (name: string, bytes: Uint8Array | undefined, ...args: string[]) => {
      const path = join(folder.path, name);
      if (bytes) writeFileSync(path, bytes);
      const home = join(folder.path, `home-of-${name}`);
      const { exitCode, stderr } = await tepui('restore', path, '--home', home, ...args);
      expect([exitCode, existsSync(home)]).to.deep.equal([1, false]);
      return stderr;
    };

    it('that is cut, absent or something else changes nothing', async () => {
      expect(await failure('cut', readFileSync(file).subarray(0, -5))).to.contain('not whole');
      expect(await failure('absent', undefined)).to.contain('cannot read the backup');
      expect(await failure('other', Buffer.from('hello'))).to.contain('expected a backup of tepui');
    });

    it('that is encrypted needs its passphrase', async () => {
      const encrypted = join(folder.path, 'encrypted');
      await writeBackup(encrypted, store, 'correct horse');
      const bytes = readFileSync(encrypted);
      writeFileSync(join(folder.path, 'right'), 'correct horse\n');
      writeFileSync(join(folder.path, 'wrong'), 'correct hose\n');
      const flag = '--passphrase-file';
      expect(await failure('none', bytes)).to.contain(flag);
      expect(await failure('wrong-one', bytes, flag, join(folder.path, 'wrong'))).to.contain('passphrase is wrong');
      const home = join(folder.path, 'decrypted');
      expect((await tepui('restore', encrypted, '--home', home, flag, join(folder.path, 'right'))).exitCode).to.equal(
        0,
      );
    });

    it('needs exactly one place to go to', async () => {
      expect((await tepui('restore', file)).stderr).to.contain('either --zk URL or --home DIR');
    });
  });

  describe('ZooKeeper', function () {
    this.timeout(60_000);
    let ensemble: Ensemble;
    let url: string;
    before(async () => {
      ensemble = await startEnsemble();
      url = ensemble.address('/restored');
    });
    after(() => ensemble.destroy());

    it('says that there is no journal, and makes none', async () => {
      const { exitCode, stderr } = await tepui('journal', 'ls', '--zk', url);
      expect([exitCode, stderr.includes('found none')]).to.deep.equal([2, true]);
      await withZookeeper(url, async ({ zookeeper }) => {
        expect(await zookeeper.children('/')).to.equal(undefined);
      });
    });

    it('takes the backup, and servers open it with the token that is printed', async () => {
      const { stdout, stderr, exitCode } = await tepui('restore', file, '--zk', url);
      expect(exitCode, stderr).to.equal(0);
      const token = / --token (\S+)/.exec(stdout)?.[1];
      await withZookeeper(url, async ({ zookeeper, log, clock }, signal) => {
        const home = locateHome(join(folder.path, 'server'));
        mkdirSync(join(home.path, 'pki'), { recursive: true });
        const identity = await loadSharedIdentity({ zookeeper, log, clock, home, token }, signal);
        expect(identity.clusterId).to.equal('c1');
        const restored = await openStore(await openZookeeperMedium({ zookeeper, log: silentLog }));
        expect(contents(restored)).to.deep.equal(contents(store));
        await restored.transact((draft) => draft.put(podKey('later'), pod('later')));
        expect(restored.revision).to.equal(2_000_000_001);
        // While it is in use, it can be looked at.
        const check = await tepui('journal', 'check', '--zk', url);
        expect([check.exitCode, check.stderr]).to.deep.equal([0, '']);
        const show = await tepui('journal', 'show', '--zk', url, '--from', '2000000001');
        expect(show.stdout).to.match(/part: log.*put: pods\/default\/later/s);
        await writeBackup(join(folder.path, 'from-zookeeper'), restored);
        await restored.close();
      });
    });

    it('gives a backup to a home again', async () => {
      const home = join(folder.path, 'home-again');
      const { stdout, exitCode } = await tepui('restore', join(folder.path, 'from-zookeeper'), '--home', home);
      expect([exitCode, stdout.includes('revision 4000000000')]).to.deep.equal([0, true]);
    });

    it('is not touched while servers are registered there, nor overwritten unless forced', async () => {
      const refused = await tepui('restore', file, '--zk', url);
      expect([refused.exitCode, refused.stderr.includes('--force')]).to.deep.equal([1, true]);
      await withZookeeper(url, async ({ zookeeper }) => {
        await zookeeper.ensurePath('/servers');
        const data = Buffer.from('{"api":"10.0.0.1:6443"}');
        await zookeeper.write([{ kind: 'create', path: '/servers/s1', data, ephemeral: true }]);
        const inUse = await tepui('restore', file, '--zk', url, '--force');
        expect([inUse.exitCode, inUse.stderr.includes('10.0.0.1:6443')]).to.deep.equal([1, true]);
      });
      expect((await tepui('restore', file, '--zk', url, '--force')).exitCode).to.equal(0);
      expect((await tepui('journal', 'check', '--zk', url)).exitCode).to.equal(0);
    });
  });
});
