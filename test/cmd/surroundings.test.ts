// A server among others over a real ZooKeeper: with user and password, and in a cluster that was restored elsewhere.
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { expect } from 'chai';
import { execa } from 'execa';
import type { StatusError } from '../../src/api/status-error.ts';
import { createHome, locateHome } from '../../src/cmd/home.ts';
import { identitySection } from '../../src/cmd/identity/identity-section.ts';
import { standAmongOthers, type Shared } from '../../src/cmd/surroundings.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { packagePath } from '../../src/lib/package-root.ts';
import { backupSource } from '../../src/store/backup.ts';
import type { Turn } from '../../src/store/election.ts';
import { parseZookeeperUrl } from '../../src/zookeeper/address.ts';
import { serverFacts } from '../support/candidate.ts';
import { openStore, pod, podKey } from '../support/store-objects.ts';
import { rejection } from '../support/rejection.ts';
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts';
import { startEnsemble, type Ensemble } from '../support/zookeeper-ensemble.ts';

describe('a server among others', function () {
  this.timeout(60_000);
  let ensemble: Ensemble;
  let folder: TempFolder;
  let open: Shared[];
  const never = new AbortController().signal;
  before(async () => {
    ensemble = await startEnsemble();
    folder = await createTempFolder();
  });
  beforeEach(() => {
    open = [];
  });
  afterEach(() => Promise.all(open.map((shared) => shared.close())));
  after(async () => {
    await ensemble.destroy();
    await folder.remove();
  });

  const stand = async (url: string, homeName: string, token?: string): Promise<Shared> => {
    const home = locateHome(join(folder.path, homeName));
    createHome(home);
    const address = parseZookeeperUrl(url);
    const options = { home, address, token, sessionTimeout: 4, clock: systemClock, log: silentLog };
    const shared = await standAmongOthers({ ...options, onWaiting: () => undefined }, never);
    open.push(shared);
    return shared;
  };
  const tepui = (...args: string[]) =>
    execa(process.execPath, [packagePath('dist/src/cmd/main.js'), ...args], { reject: false });

  it('has identity, tokens, journal and election behind user and password, and nobody else has any of it', async () => {
    const url = ensemble.address('/secret', 'tepui:p%40ss');
    const { surroundings, identity } = await stand(url, 'first');
    const made = await surroundings.serverTokens?.make({ role: 'server', ttlSeconds: 60 }, never);
    const other = await stand(url, 'second', made?.token);
    expect(other.identity.clusterId).to.equal(identity.clusterId);

    const store = await openStore(surroundings.medium);
    await store.transact((draft) => draft.put(podKey('a'), pod('a')));
    const leaving = new AbortController();
    const election = surroundings.createElection(serverFacts('first'));
    const turn = await new Promise<Turn>((resolve) => {
      void election.run(async (given) => {
        await given.announce(1);
        resolve(given);
        await new Promise((done) => leaving.signal.addEventListener('abort', done));
      }, leaving.signal);
    });
    expect(turn.isActing()).to.equal(true);

    for (const credentials of [undefined, 'tepui:wrong']) {
      const refused = (await rejection(
        stand(ensemble.address('/secret', credentials), 'third', made?.token),
      )) as StatusError;
      expect(refused.reason).to.equal('Forbidden');
      expect(refused.message).to.match(/user and password with which the cluster was made.*zk:\/\/USER:PASSWORD@/);
      const ls = await tepui('journal', 'ls', '--zk', ensemble.address('/secret', credentials));
      expect([ls.exitCode, ls.stderr]).to.satisfy(
        ([code, text]: [number, string]) => code === 2 && /USER:PASSWORD@/.test(text) && !/\n\s+at /.test(text),
      );
    }
    const ls = await tepui('journal', 'ls', '--zk', url);
    expect([ls.exitCode, ls.stderr]).to.deep.equal([0, '']);
    leaving.abort();
    await store.close();
  });

  it('finds its cluster again where a backup of it was restored, without a token', async () => {
    const before = await stand(ensemble.address('/lost'), 'old');
    const store = await openStore(before.surroundings.medium);
    await store.transact((draft) => draft.put(podKey('a'), pod('a')));
    const { identity } = before;
    const origin = {
      clusterId: identity.clusterId,
      epoch: 1,
      created: '2026-01-31T12:00:00Z',
      program: '1',
      fieldsVersion: 'test',
    };
    const file = join(folder.path, 'backup');
    await pipeline(backupSource(store, { ...origin, identity: identitySection(identity) }), createWriteStream(file));
    await store.close();

    const { exitCode, stderr } = await tepui('restore', file, '--zk', ensemble.address('/found'));
    expect([exitCode, stderr]).to.satisfy(([code]: [number]) => code === 0);
    const { identity: again, surroundings } = await stand(ensemble.address('/found'), 'old');
    expect(again).to.deep.equal(identity);
    const restored = await openStore(surroundings.medium);
    expect(restored.get(podKey('a'))?.object().metadata.uid).to.equal('uid-a');
    await restored.close();
    // Who is no part of it still needs a token.
    expect(String(await rejection(stand(ensemble.address('/found'), 'new')))).to.contain('--token TOKEN');
  });
});
