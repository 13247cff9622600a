import { createSoleElection } from '../../../src/store/elections/sole.ts';
import { describeElection } from '../../conformance/election.ts';
import { serverFacts } from '../../support/candidate.ts';

describeElection('alone', () =>
  Promise.resolve({
    election: createSoleElection({ self: serverFacts('one') }),
    remove: () => Promise.resolve(),
  }),
);
