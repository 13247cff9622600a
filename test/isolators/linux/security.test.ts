// Capabilities, seccomp and what the agent may hand on.
import { expect } from 'chai';
import { parseAgentLimits } from '../../../src/isolators/linux/agent-limits.ts';
import { defaultCapabilities, effectiveCapabilities } from '../../../src/isolators/linux/capabilities.ts';
import { defaultSeccomp, seccompOf } from '../../../src/isolators/linux/seccomp.ts';
import { defaultRlimits, parseRlimits } from '../../../src/isolators/posix/rlimits.ts';

describe('security of processes', () => {
  it('adds to and drops from the default capabilities', () => {
    expect(effectiveCapabilities(undefined, 'p')).to.deep.equal(defaultCapabilities.map((name) => `CAP_${name}`));
    expect(effectiveCapabilities({ drop: ['ALL'], add: ['net_admin'] }, 'p')).to.deep.equal(['CAP_NET_ADMIN']);
    const most = effectiveCapabilities({ add: ['ALL'], drop: ['CAP_SYS_ADMIN'] }, 'p');
    expect(most).to.include('CAP_NET_RAW').and.not.include('CAP_SYS_ADMIN');
    expect(() => effectiveCapabilities({ add: ['FLY'] }, 'p')).to.throw(
      /p\.capabilities: expected a capability.*"FLY"/,
    );
  });

  it('filters system calls unless told not to', () => {
    expect(seccompOf(undefined, 'p')).to.equal(defaultSeccomp);
    expect(seccompOf({ type: 'RuntimeDefault' }, 'p')).to.equal(defaultSeccomp);
    expect(seccompOf({ type: 'Unconfined' }, 'p')).to.equal(undefined);
    expect(() => seccompOf({ type: 'Localhost' }, 'p')).to.throw(/RuntimeDefault or Unconfined/);
  });

  it('reads rlimits of the annotation', () => {
    expect(parseRlimits('nofile=1024:4096, core=0')).to.deep.equal([
      { type: 'RLIMIT_NOFILE', soft: 1024, hard: 4096 },
      { type: 'RLIMIT_CORE', soft: 0, hard: 0 },
    ]);
    expect(() => parseRlimits('files=3')).to.throw(/expected limits such as/);
  });

  it('hands on no more than the agent has, unless it may', () => {
    const limits =
      'Limit  Soft Limit  Hard Limit  Units\nMax open files            1024                 20000                files\n';
    const lacking = parseAgentLimits('CapEff:\t000001fffeffffff\n', limits, '100\n');
    expect(lacking).to.deep.equal({ mayExceed: false, openFiles: 20_000, oomScore: 100 });
    expect(defaultRlimits(lacking)[0]).to.include({ soft: 20_000, hard: 20_000 });
    const able = parseAgentLimits('CapEff:\t000001ffffffffff\n', limits, '0');
    expect(able.mayExceed).to.equal(true);
    expect(defaultRlimits(able)[0]).to.include({ hard: 65_536 });
    expect(parseAgentLimits('', 'Max open files  unlimited  unlimited  files', '0').openFiles).to.equal(Infinity);
  });
});
