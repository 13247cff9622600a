import { expect } from 'chai';
import { platform } from 'node:os';
import { askSystem, readMachineFacts } from '../../src/node-agent/machine-facts.ts';

describe('machine facts', () => {
  it('name the operating system, by whichever way', async () => {
    const [read, asked] = await Promise.all([readMachineFacts(), askSystem()]);
    expect(read.osImage).to.not.equal('');
    expect(asked.osImage).to.not.equal('');
    if (platform() === 'linux') expect(read.bootId).to.match(/^[0-9a-f-]{36}$/);
  });
});
