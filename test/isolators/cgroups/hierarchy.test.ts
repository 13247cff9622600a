// Groups on a plain folder that looks like version 2; real ones are in test/node-agent/isolation.test.ts.
import { expect } from 'chai';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCgroups } from '../../../src/isolators/cgroups/hierarchy.ts';
import { systemClock } from '../../../src/lib/clock.ts';

describe('cgroups', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'tepui-cgroups-'));
    writeFileSync(join(root, 'cgroup.controllers'), 'cpu memory pids\n');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const group = (path: string, files: Readonly<Record<string, string>> = {}) => {
    mkdirSync(join(root, path), { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(root, path, name), text);
  };

  it('lifts the CPU limits of what is killed, at every depth, and of nothing else', async () => {
    group('tepui', { 'cpu.max': '50000 100000' });
    group('tepui/pod', {});
    group('tepui/pod/main.0', { 'cpu.max': '20000 100000' });
    group('tepui/pod/main.0/own', { 'cpu.max': '1000 100000' });
    await openCgroups(systemClock, root)?.kill('/tepui/pod');
    const limits = ['tepui', 'tepui/pod/main.0', 'tepui/pod/main.0/own'].map((path) =>
      readFileSync(join(root, path, 'cpu.max'), 'utf8').slice(0, 3),
    );
    expect(limits).to.deep.equal(['500', 'max', 'max']);
  });
});
