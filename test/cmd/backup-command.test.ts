import { expect } from 'chai';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StatusError } from '../../src/api/status-error.ts';
import type { Session } from '../../src/cli/session.ts';
import { backup } from '../../src/cmd/backup-command.ts';
import { backupSource } from '../../src/store/backup.ts';
import { openStore, pod, podKey, rejection } from '../support/store-objects.ts';
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts';

const origin = {
  ...{ clusterId: 'c1', epoch: 7, created: '2026-01-31T12:00:00Z', program: '1.2.3', fieldsVersion: 'test' },
  identity: {},
};

describe('tepui backup', () => {
  let folder: TempFolder;
  let whole: Buffer;
  let complained: string[];
  beforeEach(async () => {
    folder = await createTempFolder();
    complained = [];
    const store = await openStore();
    await store.transact((draft) => draft.put(podKey('a'), pod('a')));
    const chunks: Uint8Array[] = [];
    for await (const chunk of backupSource(store, origin)) chunks.push(chunk);
    whole = Buffer.concat(chunks);
  });
  afterEach(() => folder.remove());

  /** A server that sends these bytes, a few at a time, and perhaps breaks off. */
  const serving = (bytes: Uint8Array, end?: Error) =>
    ({
      async *bytes() {
        for (let at = 0; at < bytes.length; at += 50) yield await Promise.resolve(bytes.subarray(at, at + 50));
        if (end) throw end;
      },
      complain: (text: string) => void complained.push(text),
    }) as unknown as Session;

  it('keeps exactly what the server sent, for its owner alone, in place of an older file', async () => {
    const file = join(folder.path, 'b');
    writeFileSync(file, 'older');
    await backup(serving(whole), file, {});
    expect(readFileSync(file).equals(whole)).to.equal(true);
    expect([statSync(file).mode & 0o777, readdirSync(folder.path)]).to.deep.equal([0o600, ['b']]);
    expect(complained.join('\n')).to.match(
      /Saved 1 objects of the cluster c1 at revision 1.*not encrypted.*keep it safe/s,
    );
  });

  it('keeps the older file when what comes is cut or breaks off', async () => {
    const file = join(folder.path, 'b');
    writeFileSync(file, 'older');
    const cut = await rejection(backup(serving(whole.subarray(0, -1)), file, {}));
    expect(cut)
      .to.be.instanceOf(StatusError)
      .and.match(/did not send a whole backup/);
    const lost = new StatusError('ServiceUnavailable', 'the connection was closed in the middle');
    expect(await rejection(backup(serving(whole.subarray(0, 100), lost), file, {}))).to.equal(lost);
    expect([readFileSync(file, 'utf8'), readdirSync(folder.path)]).to.deep.equal(['older', ['b']]);
  });

  it('encrypts with a passphrase', async () => {
    const [file, secret] = [join(folder.path, 'b'), join(folder.path, 'secret')];
    writeFileSync(secret, 'correct horse\n');
    await backup(serving(whole), file, { passphraseFile: secret });
    expect(readFileSync(file, 'latin1'))
      .to.match(/^{"format":"tepui-backup-encrypted"/)
      .and.not.contain('uid-a');
    expect(complained.join('\n')).to.match(/, encrypted\)/);
  });

  it('says where it cannot write before it asks the server', async () => {
    expect(await rejection(backup(serving(whole), join(folder.path, 'absent/b'), {}))).to.match(
      /cannot write .*absent/,
    );
  });
});
