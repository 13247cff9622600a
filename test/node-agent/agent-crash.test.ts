// The agent is killed with SIGKILL at any moment of a launch, again and again: what it reported stays, nothing half-made does.
import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { keyOf, leftovers, newHome, openHost, removeHome, shellPod } from '../support/container-host.ts';

const program = fileURLToPath(new URL('../support/crashing-agent.js', import.meta.url));
const rounds = 14;

/** Resolves to the pid that the agent reported before it died, if it came so far. */
async function crash(
  place: { home: string; cgroupRoot: string },
  moment: number,
  launcher: string,
): Promise<number | undefined> {
  const args = [program, place.home, place.cgroupRoot, String(moment), launcher];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  expect({ code, signal }).to.deep.equal({ code: null, signal: 'SIGKILL' });
  const match = /^pid (\d+)$/m.exec(text);
  return match ? Number(match[1]) : undefined;
}

describe('an agent that is killed', () => {
  for (const launcher of ['oci', 'posix'] as const) {
    it(`leaves what it reported and nothing half-made (${launcher})`, async function () {
      this.timeout(60_000);
      for (let round = 0; round < rounds; round += 1) {
        const place = await newHome();
        const moment = (round / rounds) * (launcher === 'oci' ? 130 : 160);
        const reported = await crash(place, moment, launcher);
        const host = await openHost(place, { launcher });
        const found = host.recovered.map(({ pid }) => pid);
        const where = `killed ${moment.toFixed(1)} ms after the beginning of a launch`;
        if (reported !== undefined) expect(found, where).to.deep.equal([reported]);
        if (found.length === 0) {
          const pod = shellPod('exec sleep 987');
          const same = { ...pod, metadata: { ...pod.metadata, uid: 'crash', name: 'crash' } };
          await host.run(same);
          expect(await host.containerizer.signal(keyOf(same), 'SIGKILL'), where).to.equal(true);
        }
        await host.destroyAll();
        expect(await leftovers(place), where).to.deep.equal([]);
        await removeHome(place);
      }
    });

    it(`comes back over and over to the same process (${launcher})`, async () => {
      const place = await newHome();
      const first = await openHost(place, { launcher });
      const pod = shellPod('echo up; exec sleep 987');
      const same = { ...pod, metadata: { ...pod.metadata, uid: 'crash', name: 'crash' } };
      const { pid } = await first.run(same);
      for (const moment of [1, 20]) expect(await crash(place, moment, launcher)).to.be.oneOf([pid, undefined]);
      const last = await openHost(place, { launcher });
      expect(last.recovered.map((container) => container.pid)).to.deep.equal([pid]);
      await last.destroyAll();
      expect(await leftovers(place)).to.deep.equal([]);
      await removeHome(place);
    });
  }
});
