// The checks of leaders and of containers.
import { expect } from 'chai';
import type { ContainerLine, Line } from '../history/lines.ts';
import { checkContainers } from './containers.ts';
import { checkLeaders } from './leaders.ts';
import { ScriptedHistory } from './scripted-history.ts';

const acting = (from: number, to: number, epoch: number): Line => ({
  ...{ line: 'acting', from, to, epoch, source: 'a test' },
});
const epoch = (number: number, first: number, last: number): Line => ({ line: 'epoch', epoch: number, first, last });
const claim = (number: number, server: string): Line => ({ line: 'claim', at: 1, epoch: number, server });
const leaders = (...lines: Line[]) => checkLeaders(new ScriptedHistory().add(...lines).history()).violations.join('\n');

describe('the check of leaders', () => {
  it('accepts one after the other, and acts that may have been in that order', () => {
    expect(leaders(acting(1, 2, 1), acting(3, 4, 1), acting(5, 6, 2))).to.equal('');
    expect(leaders(acting(1, 9, 1), acting(5, 6, 2))).to.equal('');
    expect(leaders(acting(5, 9, 1), acting(4, 6, 2))).to.equal('');
    expect(leaders(epoch(1, 1, 9), epoch(2, 10, 12), claim(1, 'a'), claim(2, 'b'), claim(1, 'a'))).to.equal('');
  });

  it('finds a deposed leader that goes on', () => {
    expect(leaders(acting(1, 2, 1), acting(3, 4, 2), acting(5, 6, 1))).to.contain('an act in epoch 1 (a test) came');
    const script = new ScriptedHistory().add(epoch(1, 1, 1), epoch(2, 2, 2));
    script.create('k', 'a', { rv: 2 }).create('j', 'b', { rv: 1 });
    expect(checkLeaders(script.history()).violations.join()).to.contain('create op-4) came');
  });

  it('finds two leaders of one epoch, and epochs that wrote in turns', () => {
    expect(leaders(claim(1, 'a'), claim(1, 'b'))).to.contain('epoch 1 has 2 leaders: a, b');
    expect(leaders(epoch(1, 1, 12), epoch(2, 10, 15))).to.contain('epoch 1 wrote up to 12, epoch 2 from 10 on');
  });
});

const container = (at: number, pod: string, pid: number, restarts = 0): ContainerLine => ({
  ...{ line: 'container', at, pod, pid, started: pid * 10, restarts },
});
const containers = (...lines: ContainerLine[]) =>
  checkContainers(new ScriptedHistory().add(...lines).history()).violations.join('\n');

describe('the check of containers', () => {
  it('accepts processes that stay', () => {
    expect(containers(container(1, 'p', 7), container(1, 'q', 8), container(2, 'p', 7), container(2, 'q', 8))).to.equal(
      '',
    );
  });

  it('finds one that was replaced, restarted, or is gone', () => {
    expect(containers(container(1, 'p', 7), container(2, 'p', 9))).to.contain('p ran as different processes');
    expect(containers(container(1, 'p', 7), container(2, 'p', 7, 1))).to.contain('p was restarted 1 times');
    expect(containers(container(1, 'p', 7), container(1, 'q', 8), container(2, 'p', 7))).to.contain('q was there');
  });
});
