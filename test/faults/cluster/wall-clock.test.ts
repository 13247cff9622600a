// A clock that jumps while its process runs, while durations stay what they are.
import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createTempFolder } from '../../support/temp-folder.ts';
import { createWallClock, findFakeTime } from './wall-clock.ts';

const look = `setInterval(() => console.log(JSON.stringify({ wall: Date.now(), ms: performance.now() })), 100)`;

describe('a wall clock of its own', () => {
  it('jumps, and time does not', async function () {
    const library = findFakeTime();
    if (library === undefined) this.skip();
    const folder = await createTempFolder();
    const clock = createWallClock(library, join(folder.path, 'clock'));
    const child = spawn(process.execPath, ['-e', look], { env: { ...process.env, ...clock.environment } });
    try {
      let jumped = false;
      for await (const line of createInterface(child.stdout)) {
        const { wall, ms } = JSON.parse(line) as { wall: number; ms: number };
        expect(ms).to.be.lessThan(15_000);
        const aheadMs = wall - Date.now();
        if (!jumped) {
          expect(aheadMs).to.be.within(-5000, 5000);
          clock.setOffset(3600);
          jumped = true;
        } else if (aheadMs > 3_500_000) break;
      }
    } finally {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
      await folder.remove();
    }
  });
});
