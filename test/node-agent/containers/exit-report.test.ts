// The story of an end, and names on disk.
import { expect } from 'chai';
import { describeEnd, tailText } from '../../../src/node-agent/containers/exit-report.ts';
import { createLayout, parseRunName } from '../../../src/node-agent/containers/layout.ts';
import { runtimeMessage } from '../../../src/node-agent/launchers/oci.ts';
import { createLineFormatter } from '../../../src/node-agent/launchers/log-lines.ts';

const key = { podUid: 'u', container: 'c', attempt: 0 };
const run = { key, imageId: '', stopSignal: 'SIGTERM', messageFromLog: false };
const process = { pid: 1, identity: '1', startedAtMs: 5 };
const limitation = { reason: 'OOMKilled', message: 'needed more' } as const;
const end = { run, process, exit: { exitCode: 0, finishedAtMs: 9 }, limitation: undefined, lastWords: '', nowMs: 10 };

describe('end of a container', () => {
  it('is Completed, Error, OOMKilled or unknown', () => {
    expect(describeEnd(end)).to.deep.equal({ key, exitCode: 0, reason: 'Completed', startedAtMs: 5, finishedAtMs: 9 });
    expect(describeEnd({ ...end, exit: { exitCode: 3, finishedAtMs: 9 } })).to.include({
      exitCode: 3,
      reason: 'Error',
    });
    const killed = { ...end, exit: { exitCode: 137, finishedAtMs: 9 }, limitation, lastWords: 'bye' };
    expect(describeEnd(killed)).to.include({ reason: 'OOMKilled', message: 'needed more\nbye' });
    expect(describeEnd({ ...end, limitation })).to.include({ reason: 'Completed' });
    expect(describeEnd({ ...end, exit: undefined })).to.include({
      reason: 'ContainerStatusUnknown',
      exitCode: undefined,
      finishedAtMs: 10,
    });
  });

  it('takes the tail of a log without the heads of its lines', () => {
    const log = 'half a line\nT stdout F one\nT stderr F two words\n';
    expect(tailText(log, true)).to.equal('one\ntwo words');
    expect(tailText(`T stdout F ${'x'.repeat(5000)}\n`, false)).to.have.length(2048);
  });

  it('reduces the words of the runtime to the reason', () => {
    const text =
      'time="2026" level=error msg="runc create failed: unable to start container process: exec: \\"nope\\": executable file not found in $PATH"';
    expect(runtimeMessage(text)).to.equal('exec: "nope": executable file not found in $PATH');
    expect(runtimeMessage('')).to.equal('the runtime gave no reason');
  });

  it('names runs reversibly and refuses names that lead elsewhere', () => {
    const layout = createLayout('/h', '/tepui/n');
    const place = layout.container({ podUid: 'u', container: 'a-b', attempt: 12 });
    expect(place).to.include({ id: 'u.a-b.12', directory: '/h/pods/u/containers/a-b.12', cgroup: '/tepui/n/u/a-b.12' });
    expect(parseRunName('u', 'a-b.12')).to.deep.equal({ podUid: 'u', container: 'a-b', attempt: 12 });
    expect(parseRunName('u', 'other')).to.equal(undefined);
    for (const podUid of ['../x', '', 'a/b', '.']) expect(() => layout.pod(podUid), podUid).to.throw(/pod uid/);
    expect(() => layout.log({ podUid: 'u', container: '..', attempt: 0 })).to.throw(/container name/);
  });

  it('formats output as CRI lines, long ones in parts', () => {
    const formatter = createLineFormatter('stdout', () => 'T');
    expect(formatter.push('one\ntw')).to.equal('T stdout F one\n');
    expect(formatter.push('o\n')).to.equal('T stdout F two\n');
    expect(formatter.push('x'.repeat(16 * 1024 + 1))).to.equal(`T stdout P ${'x'.repeat(16 * 1024)}\n`);
    expect(formatter.end() + formatter.end()).to.equal('T stdout F x\n');
  });
});
