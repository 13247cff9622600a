// The identity of a cluster: made once, kept in a home or shared through ZooKeeper, opened only by who may.
import { X509Certificate } from 'node:crypto';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { StatusError } from '../../../src/api/status-error.ts';
import { createHome, locateHome, type Home } from '../../../src/cmd/home.ts';
import { loadHomeIdentity } from '../../../src/cmd/identity/home-keeper.ts';
import { createClusterToken, listKeys, removeExpiredKeys, removeKey } from '../../../src/cmd/identity/server-keys.ts';
import { foundCluster, loadSharedIdentity, type SharedIdentity } from '../../../src/cmd/identity/zookeeper-keeper.ts';
import { loadJoinToken } from '../../../src/cmd/pki.ts';
import { parseToken, type TokenRole } from '../../../src/lib/join-token.ts';
import { silentLog } from '../../../src/lib/log.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import { createFakeEnsemble, type FakeEnsemble, type FakeZookeeper } from '../../support/fake-zookeeper.ts';
import { rejection } from '../../support/rejection.ts';
import { createTempFolder, type TempFolder } from '../../support/temp-folder.ts';

describe('the identity of a cluster', () => {
  let folder: TempFolder;
  let homes = 0;
  let clock: FakeClock;
  beforeEach(async () => {
    folder = await createTempFolder();
    clock = createFakeClock();
  });
  afterEach(() => folder.remove());

  const newHome = (): Home => {
    const home = locateHome(join(folder.path, `home-${String(++homes)}`));
    createHome(home);
    return home;
  };

  describe('in a home', () => {
    const loadSecrets = async (home: Home) => {
      const identity = await loadHomeIdentity(home, clock);
      return { ...identity, joinToken: loadJoinToken(home, identity.authority.certificate, clock) };
    };

    it('stays what it is', async () => {
      const home = newHome();
      const first = await loadSecrets(home);
      expect(await loadSecrets(home)).to.deep.equal(first);
      expect(first.clusterId).to.match(/^[0-9a-f-]{36}$/);
      expect(parseToken(first.joinToken).role).to.equal('agent');
      for (const file of [home.authority.key, home.adminToken, home.joinToken]) {
        expect(statSync(file).mode & 0o777).to.equal(0o600);
      }
    });

    it('replaces a join token of an earlier form or another authority', async () => {
      const home = newHome();
      const { joinToken } = await loadSecrets(home);
      writeFileSync(home.joinToken, 'of an earlier version');
      const second = (await loadSecrets(home)).joinToken;
      expect(parseToken(second).fingerprint).to.equal(parseToken(joinToken).fingerprint);
      rmSync(home.authority.certificate);
      const third = (await loadSecrets(home)).joinToken;
      expect(parseToken(third).fingerprint).not.to.equal(parseToken(joinToken).fingerprint);
    });
  });

  describe('in ZooKeeper', () => {
    let ensemble: FakeEnsemble;
    let zookeeper: FakeZookeeper;
    const never = new AbortController().signal;
    beforeEach(() => {
      ensemble = createFakeEnsemble();
      zookeeper = ensemble.connect();
    });

    const place = (home: Home, token?: string, at = zookeeper) => ({
      home,
      token,
      zookeeper: at,
      clock,
      log: silentLog,
    });
    const load = (home: Home, token?: string, at?: FakeZookeeper) => loadSharedIdentity(place(home, token, at), never);
    const tokenFor = async (identity: SharedIdentity, role: TokenRole, ttlSeconds = 60) =>
      (await createClusterToken(place(newHome()), identity, { role, ttlSeconds }, never)).token;
    const refusal = async (loading: Promise<unknown>) => {
      const error = await rejection(loading);
      expect(error).to.be.instanceOf(StatusError);
      return (error as StatusError).message;
    };

    it('is made by the first server, which finds it again', async () => {
      const home = newHome();
      const made = await load(home);
      expect(await load(home)).to.deep.equal(made);
      expect(new X509Certificate(made.authority.certificate).ca).to.equal(true);
      expect(statSync(home.clusterKey).mode & 0o777).to.equal(0o600);
      expect(readFileSync(home.clusterId, 'utf8')).to.equal(made.clusterId);
    });

    it('shows nothing secret in ZooKeeper', async () => {
      const made = await load(newHome());
      const token = parseToken(await tokenFor(made, 'any'));
      const stored = [...ensemble.nodes.values()].map(({ data }) => Buffer.from(data).toString('utf8')).join('\n');
      const keyText = made.authority.key.split('\n')[1]!;
      const key = Buffer.from(made.dataKey);
      for (const secret of [
        made.adminToken,
        keyText,
        token.secret,
        key.toString('base64'),
        key.toString('base64url'),
      ]) {
        expect(stored).not.to.include(secret);
      }
      expect(stored).to.include(made.clusterId);
    });

    it('is shared with a server that joins with a token, which needs it only once', async () => {
      const made = await load(newHome());
      for (const role of ['server', 'any'] as const) {
        const home = newHome();
        expect(await load(home, await tokenFor(made, role))).to.deep.equal(made);
        expect(await load(home)).to.deep.equal(made);
        expect(await load(home, 'a token of long ago')).to.deep.equal(made);
      }
    });

    it('is made once by three that start at the same moment; the others are told to ask for a token', async () => {
      const all = [newHome(), newHome(), newHome()];
      const results = await Promise.allSettled(all.map((home) => load(home, undefined, ensemble.connect())));
      const failed = results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
      expect(failed).to.have.length(2);
      for (const message of failed)
        expect(message).to.match(/is no part of it yet.*token create --role server.*--token/);
      const winner = all[results.findIndex(({ status }) => status === 'fulfilled')]!;
      const made = await load(winner);
      for (const home of all) expect(await load(home, await tokenFor(made, 'server'))).to.deep.equal(made);
    });

    for (const fault of ['unknown-done', 'unknown-lost', 'unsent'] as const) {
      it(`is made once when the answer is ${fault}`, async () => {
        let tries = 0;
        zookeeper.fault = (ops) => {
          return ops[0]?.path === '/cluster' && ++tries === 1 ? fault : undefined;
        };
        const home = newHome();
        const loading = load(home);
        while (tries === 0) await new Promise((resolve) => setImmediate(resolve));
        while (clock.pendingTimers === 0) await new Promise((resolve) => setImmediate(resolve));
        await clock.advance(100);
        const made = await loading;
        expect(await load(home)).to.deep.equal(made);
      });
    }

    it('survives a crash of the first server before it knew', async () => {
      const home = newHome();
      const made = await load(home);
      rmSync(home.clusterId);
      expect(await load(home)).to.deep.equal(made);
    });

    it('is not opened without a token, or with a wrong one', async () => {
      const made = await load(newHome());
      const good = await tokenFor(made, 'server');
      const other = parseToken(await tokenFor(made, 'server'));
      const wrong = good.replace(parseToken(good).secret, other.secret);
      const unknown = good.replace(parseToken(good).id, 'server-000000000000');
      const home = newHome();
      expect(await refusal(load(home)))
        .to.match(/--token TOKEN/)
        .and.include(made.clusterId);
      for (const token of [wrong, unknown])
        expect(await refusal(load(home, token))).to.match(/not one of this cluster's/);
      expect(await refusal(load(home, 'nonsense'))).to.match(/reads tepui\.ID\.SECRET\.FINGERPRINT/);
      expect(await load(home, good)).to.deep.equal(made);
    });

    it('is not opened with a token for agents, or one that has expired', async () => {
      const made = await load(newHome());
      const home = newHome();
      expect(await refusal(load(home, await tokenFor(made, 'agent')))).to.match(/for agents only.*--role server/);
      const token = await tokenFor(made, 'server', 60);
      await clock.advance(60_000);
      expect(await refusal(load(home, token))).to.match(/expired at .*--role server/);
    });

    it('is not opened with a token of another cluster', async () => {
      await load(newHome());
      const elsewhere = createFakeEnsemble().connect();
      const there = await load(newHome(), undefined, elsewhere);
      const { token } = await createClusterToken(
        place(newHome(), undefined, elsewhere),
        there,
        { role: 'server', ttlSeconds: 0 },
        never,
      );
      expect(await refusal(load(newHome(), token))).to.match(/of another cluster/);
      const nobody = createFakeEnsemble().connect();
      expect(await refusal(load(newHome(), token, nobody))).to.match(/no cluster at .*without --token/);
    });

    it('does not let who can write to ZooKeeper prolong a token or change the authority', async () => {
      const home = newHome();
      const made = await load(home);
      const token = await tokenFor(made, 'server', 60);
      await clock.advance(60_000);
      const path = `/cluster/keys/${parseToken(token).id}`;
      const change = async (at: string, from: RegExp, to: string) => {
        const text = Buffer.from(ensemble.nodes.get(at)!.data).toString('utf8');
        expect(text).to.match(from);
        await zookeeper.write([{ kind: 'set', path: at, data: Buffer.from(text.replace(from, to)) }]);
      };
      await change(path, /"expires":"20../, '"expires":"2099');
      expect(await refusal(load(newHome(), token))).to.match(/not one of this cluster's/);
      const other = await loadHomeIdentity(newHome(), clock);
      await change('/cluster', /"authority":"[^"]*"/, `"authority":${JSON.stringify(other.authority.certificate)}`);
      expect(await refusal(load(home))).to.match(/was changed/);
    });

    it('is not mixed up with another that the home belongs to', async () => {
      const home = newHome();
      const made = await load(home);
      const elsewhere = createFakeEnsemble().connect();
      expect(await refusal(load(home, undefined, elsewhere))).to.match(/no cluster at.*tepui restore/);
      const there = await load(newHome(), undefined, elsewhere);
      const message = await refusal(load(home, undefined, elsewhere));
      expect(message).to.include(made.clusterId).and.include(there.clusterId);
      expect(await refusal(loadHomeIdentity(home, clock))).to.match(/kept in ZooKeeper/);
      const devHome = newHome();
      await loadHomeIdentity(devHome, clock);
      expect(await refusal(load(devHome))).to.match(/belongs to the cluster/);
    });

    it('of a newer program is left alone', async () => {
      const data = Buffer.from(JSON.stringify({ version: 2 }));
      await zookeeper.write([{ kind: 'create', path: '/cluster', data }]);
      expect(await refusal(load(newHome()))).to.match(/newer tepui.*upgrade/);
    });

    it('can be brought from a backup', async () => {
      const { dataKey, ...parts } = await load(newHome());
      const elsewhere = createFakeEnsemble().connect();
      const home = newHome();
      await foundCluster(place(home, undefined, elsewhere), parts, never);
      const restored = await load(home, undefined, elsewhere);
      expect(restored).to.deep.include(parts);
      expect(restored.dataKey).not.to.deep.equal(dataKey);
    });

    it('forgets the keys of expired tokens', async () => {
      const made = await load(newHome());
      const [short, long] = [await tokenFor(made, 'server', 60), await tokenFor(made, 'any', 0)];
      await clock.advance(60_000);
      await removeExpiredKeys(place(newHome()), never);
      const message = await refusal(load(newHome(), short));
      expect(message).to.match(/expired long ago/);
      expect(await load(newHome(), long)).to.deep.equal(made);
    });

    for (const fault of [undefined, 'unknown-done', 'unknown-lost', 'unsent'] as const) {
      it(`lists the keys of tokens without their secrets, and removes one for certain${fault ? ` when the answer is ${fault}` : ''}`, async () => {
        const made = await load(newHome());
        const [server, any] = [await tokenFor(made, 'server', 60), await tokenFor(made, 'any', 0)];
        await tokenFor(made, 'agent');
        const { id } = parseToken(server);
        const facts = { id, role: 'server', expires: '2023-11-14T22:14:20Z' };
        const kept = { id: parseToken(any).id, role: 'any', expires: undefined };
        expect(await listKeys(place(newHome()), never)).to.have.deep.members([facts, kept]);
        let tries = 0;
        zookeeper.fault = (ops) => (ops[0]?.kind === 'delete' && ++tries === 1 ? fault : undefined);
        const removing = removeKey(place(newHome()), id, never);
        while (tries === 0) await new Promise((resolve) => setImmediate(resolve));
        if (fault !== undefined) {
          while (clock.pendingTimers === 0) await new Promise((resolve) => setImmediate(resolve));
          await clock.advance(100);
        }
        expect(await removing).to.deep.equal(facts);
        expect(await listKeys(place(newHome()), never)).to.deep.equal([kept]);
        expect(await removeKey(place(newHome()), id, never)).to.equal(undefined);
        expect(await refusal(load(newHome(), server))).to.match(/not one of this cluster's.*was removed/);
      });
    }
  });
});
