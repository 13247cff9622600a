// What every election must do for a server that is alone in it.
import { expect } from 'chai';
import type { Election, Turn } from '../../src/store/election.ts';
import { aborted } from '../../src/lib/run-group.ts';
import { serverFacts, stand } from '../support/candidate.ts';
import { eventually } from '../support/eventually.ts';
import { rejection } from '../support/rejection.ts';

export interface ElectionPlace {
  /** Of the server `serverFacts('one')`. */
  readonly election: Election;
  remove(): Promise<void>;
}

export function describeElection(name: string, createPlace: () => Promise<ElectionPlace>): void {
  describe(`election: ${name}`, () => {
    let place: ElectionPlace;
    let election: Election;
    let leaving: AbortController;
    let epoch = 0;

    beforeEach(async () => {
      place = await createPlace();
      ({ election } = place);
      leaving = new AbortController();
    });
    afterEach(async () => {
      leaving.abort();
      await place.remove();
    });

    it('makes the only server lead, and act', async () => {
      const acted: boolean[] = [];
      const lead = async (turn: Turn) => {
        acted.push(turn.isActing(), turn.ended.aborted);
        leaving.abort();
        await Promise.resolve();
      };
      await election.run(lead, leaving.signal);
      expect(acted).to.deep.equal([true, false]);
    });

    it('lets the leader be known from its announcement to the end of its turn', async () => {
      expect(election.leader).to.equal(undefined);
      const server = stand(election, () => ++epoch);
      const leader = await eventually('the leader', () => election.leader);
      expect(leader).to.deep.equal({ epoch, server: serverFacts('one') });
      await server.stop();
      expect(await eventually('no leader', () => election.leader === undefined)).to.equal(true);
    });

    it('does not let anybody act after the end of a turn', async () => {
      const server = stand(election, () => ++epoch);
      const turn = await eventually('a turn', () => server.turn);
      const told: boolean[] = [];
      turn.onActing((isActing) => told.push(isActing));
      await server.stop();
      expect([turn.ended.aborted, turn.isActing(), told]).to.deep.equal([true, false, [false]]);
    });

    it('lets a server stand again whose turn is over, one turn at a time', async () => {
      let leading = 0;
      let most = 0;
      let turns = 0;
      const lead = async (turn: Turn) => {
        most = Math.max(most, ++leading);
        await turn.announce(++epoch);
        leading--;
        if (++turns === 3) leaving.abort();
      };
      await election.run(lead, leaving.signal);
      expect([turns, most]).to.deep.equal([3, 1]);
    });

    it('fails with whoever fails to lead', async () => {
      const lead = () => Promise.reject(new Error('cannot lead'));
      expect(await rejection(election.run(lead, leaving.signal))).to.match(/cannot lead/);
    });

    it('waits for whoever leads when it is stopped', async () => {
      let isOver = false;
      let begin: () => void = () => undefined;
      const begun = new Promise<void>((resolve) => (begin = resolve));
      const lead = async () => {
        begin();
        await aborted(leaving.signal);
        await new Promise((resolve) => setImmediate(resolve));
        isOver = true;
      };
      const ended = election.run(lead, leaving.signal);
      await begun;
      leaving.abort();
      await ended;
      expect(isOver).to.equal(true);
    });

    it('lists the server, with how far it has read', async () => {
      const server = stand(election, () => ++epoch);
      const told = new Promise<void>((resolve) => {
        const stop = election.onChange(() => {
          if (election.members[0]?.revision !== 7) return;
          stop();
          resolve();
        });
      });
      await eventually('the member', () => election.members.length > 0);
      election.report({ sequence: 3, revision: 7 });
      await told;
      expect(election.members).to.deep.equal([{ ...serverFacts('one'), sequence: 3, revision: 7 }]);
      expect(election.trouble).to.equal(undefined);
      await server.stop();
    });
  });
}
