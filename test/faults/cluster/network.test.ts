// Hosts inside this machine: they reach each other, until they are cut, and again when they are healed.
import { expect } from 'chai';
import { execa } from 'execa';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createNetwork, networkProblem, type Network, type NetworkHost } from './network.ts';

const serve = `require('net').createServer((s) => s.end('hello')).listen(7000, '0.0.0.0', () => console.log('listening'))`;
const ask = (address: string) =>
  `const s = require('net').connect(7000, '${address}'); s.pipe(process.stdout); s.on('error', (e) => console.log(e.code));` +
  `setTimeout(() => { console.log('silence'); process.exit() }, 1500); s.on('close', () => process.exit())`;

describe('a network of hosts', function () {
  let network: Network;
  let server: ChildProcess | undefined;
  const host = (name: string): NetworkHost => network.host(name);

  async function asked(from: NetworkHost, to: NetworkHost): Promise<string> {
    const [program = '', ...args] = from.wrap([process.execPath, '-e', ask(to.address)]);
    return (await execa(program, args)).stdout;
  }

  before(async function () {
    if ((await networkProblem()) !== undefined) this.skip();
    network = await createNetwork(['a', 'b', 'c']);
    const [program = '', ...args] = host('b').wrap([process.execPath, '-e', serve]);
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    server = child;
    await once(child.stdout, 'data');
  });
  after(async () => {
    if (server) {
      const ended = once(server, 'exit');
      server.kill();
      await ended;
    }
    await (network as Network | undefined)?.destroy();
  });

  it('cuts two from each other, silently, and leaves the others', async () => {
    expect(await asked(host('a'), host('b'))).to.equal('hello');
    await network.cut(host('a'), host('b'));
    expect(await asked(host('a'), host('b'))).to.equal('silence');
    expect(await asked(host('c'), host('b'))).to.equal('hello');
    await network.heal(host('a'), host('b'));
    expect(await asked(host('a'), host('b'))).to.equal('hello');
  });
});
