// Checkpoints: whole or absent, the newest wins, Secrets unreadable without the key.
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { silentLog } from '../../src/lib/log.ts';
import { createCheckpoint } from '../../src/node-agent/checkpoint.ts';
import { createPodRecord } from '../../src/node-agent/pod-record.ts';
import { testPod } from '../support/pods.ts';

describe('checkpoint', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tepui-checkpoint-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const open = (secret = 'key') => createCheckpoint(folder, secret, silentLog);
  const record = (name: string, acceptedAtMs = 1) => createPodRecord(testPod(name), acceptedAtMs);

  it('gives back what was saved last, and nothing that was removed', async () => {
    const checkpoint = await open();
    for (let turn = 1; turn <= 50; turn += 1) checkpoint.savePod('uid-a', record('a', turn));
    checkpoint.savePod('uid-b', record('b'));
    checkpoint.removePod('uid-b');
    await checkpoint.flushed();
    const loaded = await (await open()).loadPods();
    expect(loaded.map(({ pod, acceptedAtMs }) => [pod.metadata.name, acceptedAtMs])).to.deep.equal([['a', 50]]);
    expect(await readdir(join(folder, 'pods'))).to.deep.equal(['uid-a.json']);
    expect((await stat(join(folder, 'pods', 'uid-a.json'))).mode & 0o777).to.equal(0o600);
  });

  it('leaves out what cannot be read', async () => {
    const checkpoint = await open();
    checkpoint.savePod('uid-a', record('a'));
    await checkpoint.flushed();
    await writeFile(join(folder, 'pods', 'torn.json'), '{"pod":');
    expect(await (await open()).loadPods()).to.have.length(1);
  });

  it('keeps Secrets, but not in the clear', async () => {
    const object = Buffer.from('{"data":{"password":"aHVudGVyMg=="}}');
    const reference = { kind: 'Secret', namespace: 'default', name: 'db', object } as const;
    const checkpoint = await open();
    checkpoint.saveReferences([reference]);
    await checkpoint.flushed();
    expect(await (await open()).loadReferences()).to.deep.equal([reference]);
    expect((await readFile(join(folder, 'references'))).includes('hunter')).to.equal(false);
    expect((await readFile(join(folder, 'references'))).includes('aHVudGVyMg')).to.equal(false);
    expect(await (await open('another key')).loadReferences()).to.deep.equal([]);
  });
});
