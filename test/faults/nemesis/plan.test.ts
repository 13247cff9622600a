// Faults from a seed.
import { expect } from 'chai';
import { describeFault, planFaults, type Possible } from './plan.ts';

const possible: Possible = {
  kinds: ['kill', 'freeze', 'cut', 'clock', 'slow disk'],
  victims: ['leader', 'standby', 'zookeeper', 'two zookeepers', 'agent'],
};

describe('the plan of faults', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(planFaults(7, 50, possible)).to.deep.equal(planFaults(7, 50, possible));
    expect(planFaults(8, 50, possible)).not.to.deep.equal(planFaults(7, 50, possible));
    expect(planFaults(7, 5, possible)).to.deep.equal(planFaults(7, 50, possible).slice(0, 5));
  });

  it('has every kind and victim, and holds some for longer than a session', () => {
    const faults = planFaults(1, 300, possible);
    const described = faults.map(describeFault).join('\n');
    for (const word of ['kill leader', 'freeze leader', 'kill standby', 'kill two zookeepers', 'freeze zookeeper']) {
      expect(described).to.contain(word);
    }
    for (const from of ['zookeepers', 'agents', 'standbys'])
      expect(described).to.contain(`cut the leader from ${from}`);
    expect(faults.some(({ holdMs }) => holdMs > 6000)).to.equal(true);
    expect(faults.some(({ holdMs }) => holdMs < 1000)).to.equal(true);
  });

  it('keeps to what is possible, and never kills an agent', () => {
    const few = planFaults(1, 100, { kinds: ['kill', 'clock'], victims: ['leader', 'agent'] });
    expect(new Set(few.map(({ kind }) => kind))).to.deep.equal(new Set(['kill', 'clock']));
    expect(few.some((fault) => fault.kind === 'kill' && fault.victim !== 'leader')).to.equal(false);
  });
});
