import { expect } from 'chai';
import fc from 'fast-check';
import { decryptBackup, encryptBackup } from '../../src/store/backup-cipher.ts';
import { backupSource, readBackup, BackupRefused, type BackupPart } from '../../src/store/backup.ts';
import { createIntern } from '../../src/store/batch.ts';
import { inflateChunk } from '../../src/store/snapshot.ts';
import { openStore, pod, podKey, rejection } from '../support/store-objects.ts';
import { steps, perform } from '../support/store-model.ts';

const origin = {
  ...{ clusterId: 'c1', epoch: 7, created: '2026-01-31T12:00:00Z', program: '1.2.3', fieldsVersion: 'test' },
  identity: { secret: 'key' },
};

async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** In pieces of any size, as from a network. */
async function* inPieces(bytes: Uint8Array, length = 1000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield await Promise.resolve(bytes.subarray(at, at + length));
}

async function partsOf(bytes: AsyncIterable<Uint8Array>): Promise<BackupPart[]> {
  const parts: BackupPart[] = [];
  for await (const part of readBackup(bytes)) parts.push(part);
  return parts;
}

async function objectsOf(parts: readonly BackupPart[]): Promise<Map<string, string>> {
  const objects = new Map<string, string>();
  for (const part of parts) {
    if (part.kind !== 'chunk') continue;
    for (const record of (await inflateChunk(part.chunk, createIntern())).records) {
      const { resource, namespace, name } = record.key;
      const text = record.kind === 'put' ? Buffer.from(record.bytes).toString() : 'deleted';
      objects.set(`${resource}/${namespace}/${name}`, text);
    }
  }
  return objects;
}

const refused = async (work: Promise<unknown>): Promise<string> => {
  const error = await rejection(work);
  expect(error).to.be.instanceOf(BackupRefused);
  return error.message;
};

describe('backup', () => {
  const small = async () => {
    const store = await openStore();
    await store.transact((draft) => draft.put(podKey('a'), pod('a', { note: 'x'.repeat(100) })));
    return bytesOf(backupSource(store, origin));
  };

  it('says first what it is', async () => {
    const [line = ''] = (await small()).toString('latin1').split('\n');
    expect(JSON.parse(line)).to.deep.equal({
      ...{ format: 'tepui-backup', version: 1, clusterId: 'c1', revision: 1, epoch: 7 },
      ...{ created: '2026-01-31T12:00:00Z', program: '1.2.3' },
    });
  });

  it('holds exactly what the store holds, whatever was written', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 5000 }), async (work, pieceLength) => {
        const store = await openStore();
        const transactions = work.flatMap((step) => (step === 'restart' ? [] : step.group));
        for (const each of transactions) await store.transact((draft) => perform(draft, each)).catch(() => undefined);
        const parts = await partsOf(inPieces(await bytesOf(backupSource(store, origin)), pieceLength));
        const wanted = store.all().map(({ key, bytes }) => {
          return [`${key.resource}/${key.namespace}/${key.name}`, Buffer.from(bytes).toString()] as const;
        });
        expect(await objectsOf(parts)).to.deep.equal(new Map(wanted));
        const [header, identity] = parts;
        expect(header?.kind === 'header' && header.header.revision).to.equal(store.revision);
        expect(identity).to.deep.equal({ kind: 'identity', identity: { secret: 'key' } });
      }),
      { numRuns: 50 },
    );
  });

  it('is of one revision, though the store goes on', async () => {
    const store = await openStore();
    await store.transact((draft) => draft.put(podKey('a'), pod('a')));
    const source = backupSource(store, origin);
    const chunks = [(await source.next()).value as Uint8Array];
    await store.transact((draft) => draft.put(podKey('b'), pod('b')));
    for await (const chunk of source) chunks.push(chunk);
    const parts = await partsOf(inPieces(Buffer.concat(chunks)));
    expect([...(await objectsOf(parts)).keys()]).to.deep.equal(['pods/default/a']);
  });

  it('is refused when it was cut, wherever', async () => {
    const whole = await small();
    for (let length = 0; length < whole.length; length++) await refused(partsOf(inPieces(whole.subarray(0, length))));
  });

  it('is refused when any byte of it was changed, or something was added', async () => {
    const whole = await small();
    for (let at = 0; at < whole.length; at++) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await refused(partsOf(inPieces(changed)));
    }
    expect(await refused(partsOf(inPieces(Buffer.concat([whole, Buffer.from('x')]))))).to.contain('more after it');
  });

  it('says what it found instead of a backup', async () => {
    const message = (text: string) => refused(partsOf(inPieces(Buffer.from(text))));
    expect(await message('')).to.contain('it is empty');
    expect(await message('PK\u0003\u0004')).to.contain('expected a backup of tepui');
    expect(await message('x'.repeat(100_000))).to.contain('expected a backup of tepui');
    const newer = '{"format":"tepui-backup","version":2,"program":"9.9.9"}\n';
    expect(await message(newer)).to.match(/version 1 .* found 2.*made by tepui 9\.9\.9/);
  });
});

describe('backup: encryption', () => {
  const options = { cost: 16, blockBytes: 100 };
  const plain = Buffer.from(`{"format":"tepui-backup","version":1,"clusterId":"c1"}\n${'0123456789'.repeat(70)}`);
  const encrypted = (bytes: Uint8Array = plain) => bytesOf(encryptBackup(inPieces(bytes), 'correct horse', options));
  const decrypted = (bytes: Uint8Array, passphrase?: string) => bytesOf(decryptBackup(inPieces(bytes, 77), passphrase));

  it('gives back the same bytes, whatever their number', async () => {
    for (let length = 60; length <= 360; length++) {
      const bytes = plain.subarray(0, length);
      expect((await decrypted(await encrypted(bytes), 'correct horse')).equals(bytes), `${length}`).to.equal(true);
    }
  });

  it('shows only the line at the top', async () => {
    const text = (await encrypted()).toString('latin1');
    const { encryption, ...rest } = JSON.parse(text.slice(0, text.indexOf('\n'))) as Record<string, unknown>;
    expect(rest).to.deep.equal({ format: 'tepui-backup-encrypted', version: 1, clusterId: 'c1' });
    expect(encryption).to.deep.include({ cipher: 'aes-256-gcm', kdf: 'scrypt', cost: 16 });
    expect(text).to.not.contain('0123456789');
    expect((await encrypted()).equals(await encrypted())).to.equal(false);
  });

  it('refuses a wrong passphrase, and none', async () => {
    const bytes = await encrypted();
    expect(await refused(decrypted(bytes, 'correct hose'))).to.contain('the passphrase is wrong');
    expect(await refused(decrypted(bytes))).to.contain('--passphrase-file');
  });

  it('refuses what was cut or changed, wherever', async () => {
    const bytes = await encrypted();
    for (let at = 0; at < bytes.length; at++) {
      await refused(decrypted(bytes.subarray(0, at), 'correct horse'));
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await refused(decrypted(changed, 'correct horse'));
    }
  });

  it('does not let a file decide how much memory is spent', async () => {
    const text = (await encrypted()).toString('latin1').replace('"cost":16', `"cost":${2 ** 30}`);
    expect(await refused(decrypted(Buffer.from(text, 'latin1'), 'correct horse'))).to.contain('encrypted with');
  });

  it('passes a plain backup on', async () => {
    expect((await decrypted(plain, 'whatever')).equals(plain)).to.equal(true);
  });
});
