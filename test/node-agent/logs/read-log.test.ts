// Logs from real files: tail, since, limits, timestamps, rotation, following without polling.
import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { readLog } from '../../../src/node-agent/logs/read-log.ts';
import type { ReadLogOptions } from '../../../src/node-agent/logs/read-log.ts';

const never = new AbortController().signal;

const at = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, '0')}.123456789Z`;
const line = (second: number, text: string, stream = 'stdout') => `${at(second)} ${stream} F ${text}\n`;
const part = (second: number, text: string, stream = 'stdout') => `${at(second)} ${stream} P ${text}\n`;

describe('reading a log', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tepui-logs-'));
    path = join(folder, '0.log');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const options = (rest: Partial<ReadLogOptions> = {}): ReadLogOptions => ({
    path,
    timestamps: false,
    tailLines: undefined,
    sinceMs: undefined,
    limitBytes: undefined,
    followUntil: undefined,
    ...rest,
  });
  const read = async (rest: Partial<ReadLogOptions> = {}) => {
    const chunks: Buffer[] = [];
    for await (const chunk of readLog(options(rest), never)) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  };

  it('prints lines of both streams in order, parts joined', async () => {
    await writeFile(path, line(1, 'one') + line(2, 'two', 'stderr') + part(3, 'thr') + part(3, 'e') + line(4, 'e'));
    expect(await read()).to.equal('one\ntwo\nthree\n');
  });

  it('is empty without a file', async () => {
    expect(await read()).to.equal('');
    expect(await read({ tailLines: 3 })).to.equal('');
  });

  it('stamps each line once', async () => {
    await writeFile(path, line(1, 'one') + part(2, 'tw') + line(3, 'o'));
    expect(await read({ timestamps: true })).to.equal(`${at(1)} one\n${at(2)} two\n`);
    await writeFile(path, line(1, 'one').replace('Z', '+00:00'));
    expect(await read({ timestamps: true })).to.equal(`${at(1)} one\n`);
  });

  it('skips what is older than asked, and what is no entry', async () => {
    await writeFile(path, `torn\n${line(1, 'old')}${line(5, 'new')}`);
    expect(await read({ sinceMs: Date.parse(at(3)) })).to.equal('new\n');
  });

  it('cuts at the limit, in the middle of a line if need be', async () => {
    await writeFile(path, line(1, 'one') + line(2, 'two'));
    expect(await read({ limitBytes: 6 })).to.equal('one\ntw');
    expect(await read({ limitBytes: 0 })).to.equal('');
  });

  it('reads rotated parts from the oldest to the newest, and no other files', async () => {
    await writeFile(`${path}.10`, line(1, 'a'));
    await writeFile(`${path}.2`, line(2, 'b'));
    await writeFile(`${path}.1`, line(3, 'c'));
    await writeFile(path, line(4, 'd'));
    await writeFile(`${path}.gz`, 'no');
    await writeFile(join(folder, '1.log'), line(9, 'other'));
    expect(await read()).to.equal('a\nb\nc\nd\n');
    expect(await read({ tailLines: 2 })).to.equal('c\nd\n');
    expect(await read({ tailLines: 3 })).to.equal('b\nc\nd\n');
    expect(await read({ tailLines: 9 })).to.equal('a\nb\nc\nd\n');
    expect(await read({ tailLines: 0 })).to.equal('');
  });

  it('counts lines of the program, not entries', async () => {
    await writeFile(path, line(1, 'one') + part(2, 'tw') + part(2, '') + line(3, 'o') + part(4, 'ope'));
    expect(await read({ tailLines: 1 })).to.equal('two\nope');
    expect(await read({ tailLines: 2 })).to.equal('one\ntwo\nope');
  });

  it('tails like the end of the whole, across parts and block borders', async () => {
    const texts = fc.array(
      fc.string({ maxLength: 40_000, unit: 'grapheme-ascii' }).map((text) => text.replace(/\n/g, ' ')),
      {
        maxLength: 12,
      },
    );
    await fc.assert(
      fc.asyncProperty(texts, fc.nat(14), fc.nat(12), async (lines, tailLines, split) => {
        const entries = lines.map((text, index) => line(index, text));
        await writeFile(`${path}.1`, entries.slice(0, split).join(''));
        await writeFile(path, entries.slice(split).join(''));
        const wanted = tailLines === 0 ? [] : lines.slice(-tailLines);
        expect(await read({ tailLines })).to.equal(wanted.map((text) => `${text}\n`).join(''));
      }),
      { numRuns: 40 },
    );
  });

  describe('following', () => {
    const follow = (rest: Partial<ReadLogOptions> = {}) => {
      let end: () => void = () => undefined;
      const followUntil = new Promise<void>((resolve) => (end = resolve));
      const stop = new AbortController();
      const chunks = readLog(options({ followUntil, ...rest }), stop.signal);
      const next = async () => {
        const result = await chunks.next();
        return result.done === true ? undefined : result.value.toString();
      };
      return { end, stop, next };
    };

    it('prints what is written later, over rotations, until the container has ended and all is read', async () => {
      await writeFile(path, line(1, 'one'));
      const { end, next } = follow();
      expect(await next()).to.equal('one\n');
      const second = next();
      await appendFile(path, line(2, 'two'));
      expect(await second).to.equal('two\n');
      await appendFile(path, line(3, 'three'));
      await rename(path, `${path}.1`);
      await writeFile(path, line(4, 'four'));
      expect([await next(), await next()]).to.deep.equal(['three\n', 'four\n']);
      const last = next();
      await appendFile(path, line(5, 'five'));
      expect(await last).to.equal('five\n');
      const over = next();
      end();
      expect(await over).to.equal(undefined);
    });

    it('loses nothing that is written just before a rotation', async () => {
      const rotations = 300;
      await writeFile(path, line(0, 'line 0'));
      const { end, next } = follow();
      const reading = (async () => {
        let text = '';
        for (let more = await next(); more !== undefined; more = await next()) text += more;
        return text;
      })();
      for (let n = 1; n <= rotations; n += 1) {
        await appendFile(path, line(1, `line ${n}`));
        await rename(path, `${path}.${1 + rotations - n}`);
        await writeFile(path, '');
      }
      end();
      const expected = Array.from({ length: rotations + 1 }, (_, n) => `line ${n}\n`).join('');
      expect(await reading).to.equal(expected);
    });

    it('waits for a log that does not exist yet', async () => {
      const { end, next } = follow({ tailLines: 1 });
      const first = next();
      await writeFile(path, line(1, 'hello'));
      expect(await first).to.equal('hello\n');
      end();
      expect(await next()).to.equal(undefined);
    });

    it('holds back half an entry', async () => {
      const { end, next } = follow();
      const first = next();
      await writeFile(path, line(1, 'whole').slice(0, -3));
      await appendFile(path, line(1, 'whole').slice(-3));
      expect(await first).to.equal('whole\n');
      end();
      expect(await next()).to.equal(undefined);
    });

    it('ends when the reader goes away', async () => {
      const { stop, next } = follow();
      const first = next();
      stop.abort();
      expect(await first).to.equal(undefined);
    });

    it('ends when the folder is gone', async () => {
      const gone = join(folder, 'gone', '0.log');
      expect(await follow({ path: gone }).next()).to.equal(undefined);
    });
  });
});
