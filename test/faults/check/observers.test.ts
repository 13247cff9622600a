// The checks of leaders and of containers.
import { expect } from 'chai';
import type { ActingLine, ContainerLine } from '../history/lines.ts';
import { checkContainers } from './containers.ts';
import { checkLeaders } from './leaders.ts';
import { ScriptedHistory } from './scripted-history.ts';

const acting = (from: number, to: number, epoch: number, server: string): ActingLine => ({
  ...{ line: 'acting', from, to, epoch, server, source: 'a test' },
});
const leaders = (...lines: ActingLine[]) =>
  checkLeaders(new ScriptedHistory().add(...lines).history()).violations.join('\n');

describe('the check of leaders', () => {
  it('accepts one after the other, and signs that may have been in that order', () => {
    expect(leaders(acting(1, 2, 1, 'a'), acting(3, 4, 1, 'a'), acting(5, 6, 2, 'b'))).to.equal('');
    expect(leaders(acting(1, 9, 1, 'a'), acting(5, 6, 2, 'b'))).to.equal('');
    expect(leaders(acting(5, 9, 1, 'a'), acting(4, 6, 2, 'b'))).to.equal('');
  });

  it('finds a deposed leader that goes on', () => {
    expect(leaders(acting(1, 2, 1, 'a'), acting(3, 4, 2, 'b'), acting(5, 6, 1, 'a'))).to.contain('leader a of epoch 1');
  });

  it('finds two leaders of one epoch', () => {
    expect(leaders(acting(1, 2, 1, 'a'), acting(3, 4, 1, 'b'))).to.contain('epoch 1 has 2 leaders: a, b');
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
