// What can keep `tepui dev` from starting or stopping: said in one line, with what to do, and without a trace left behind.
import { expect } from 'chai';
import { execa } from 'execa';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packagePath } from '../../src/lib/package-root.ts';
import { startCluster, type Cluster } from './support/cluster.ts';

const mainModule = packagePath('dist/src/cmd/main.js');
const anyPorts = { '--api-port': '0', '--mesos-port': '0', '--agent-port': '0' };

/** Runs until it ends by itself; killed, and failed, when it hangs. */
async function dev(args: readonly string[], wrapper: readonly string[] = []) {
  const [program = '', ...rest] = [...wrapper, process.execPath, mainModule, 'dev', ...args];
  const result = await execa(program, rest, { reject: false, stdin: 'ignore', timeout: 60_000, killSignal: 'SIGKILL' });
  expect(result.timedOut, `tepui dev ${args.join(' ')} hung`).to.equal(false);
  return { stdout: result.stdout, stderr: result.stderr, exitCode: result.exitCode };
}

async function refusal(args: readonly string[], wrapper: readonly string[] = []): Promise<string> {
  const { stdout, stderr, exitCode } = await dev(args, wrapper);
  expect(exitCode, stdout + stderr).to.equal(1);
  expect(stderr).to.not.match(/\n\s+at /);
  expect(stdout).to.not.contain('tepui is ready');
  return stderr;
}

describe('a start that cannot be', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tepui-start-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  describe('because of a port', () => {
    let holder: Server;
    let taken: string;
    beforeEach(async () => {
      holder = createServer();
      await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
      taken = String((holder.address() as AddressInfo).port);
    });
    afterEach(() => new Promise((resolve) => holder.close(resolve)));

    for (const flag of Object.keys(anyPorts)) {
      it(`names ${flag} when that port is taken`, async () => {
        const ports = Object.entries({ ...anyPorts, [flag]: taken }).flat();
        const home = join(folder, 'home');
        const message = await refusal(['--home', home, ...ports]);
        expect(message).to.contain(`port ${taken} is taken`).and.contain(`${flag} PORT`);
        await dev(['--home', home, '--down']);
        expect(existsSync(home)).to.equal(false);
      });
    }
  });

  describe('because of the home', () => {
    it('says that a file is in the way', async () => {
      const file = join(folder, 'file');
      writeFileSync(file, 'mine');
      expect(await refusal(['--home', join(file, 'home')])).to.match(/cannot keep anything in .*--home DIR/);
      expect([readFileSync(file, 'utf8'), readdirSync(folder)]).to.deep.equal(['mine', ['file']]);
    });

    it('does not hang where nothing can be made', async function () {
      if (process.platform !== 'linux') this.skip();
      expect(await refusal(['--home', '/proc/x'])).to.match(/cannot keep anything in \/proc\/x .*--home DIR/);
    });

    it('says that it may not write there', async function () {
      if (process.getuid?.() !== 0) this.skip();
      const home = join(folder, 'home');
      mkdirSync(home);
      chmodSync(folder, 0o755);
      chmodSync(home, 0o555);
      const nobody = ['setpriv', '--reuid=1000', '--regid=1000', '--clear-groups'];
      // Reads this checkout wherever it lies, and writes nothing.
      const reader = [...nobody, '--inh-caps=+dac_read_search', '--ambient-caps=+dac_read_search'];
      expect(await refusal(['--home', home], reader)).to.match(/cannot keep anything in .*--home DIR/);
      expect(readdirSync(home)).to.deep.equal([]);
    });
  });

  it('has nothing to do for --down on a home that is not there, and makes none', async () => {
    const home = join(folder, 'absent');
    const { exitCode, stdout } = await dev(['--home', home, '--down']);
    expect([exitCode, stdout]).to.deep.equal([0, `Everything that tepui kept under ${home} is gone.`]);
    expect(existsSync(home)).to.equal(false);
  });
});

describe('a home that is in use', () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await startCluster();
  });
  after(() => cluster.destroy());

  it('is refused to a second server, which says how to use the first', async () => {
    const message = await refusal(['--home', cluster.home, ...Object.entries(anyPorts).flat()]);
    expect(message)
      .to.contain(`process ${String(cluster.serverPid)}`)
      .and.contain('export KUBECONFIG=');
    expect((await cluster.tryKubectl(['get', 'nodes'])).exitCode).to.equal(0);
  });

  it('is cleared by --down even when the server hangs', async () => {
    process.kill(cluster.serverPid, 'SIGSTOP');
    const { exitCode, stdout, stderr } = await dev(['--home', cluster.home, '--down']);
    expect(exitCode, stderr).to.equal(0);
    expect(stdout).to.contain('is gone.');
    expect(existsSync(join(cluster.home, 'journal'))).to.equal(false);
  });
});
