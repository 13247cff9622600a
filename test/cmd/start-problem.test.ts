import { expect } from 'chai';
import { StatusError } from '../../src/api/status-error.ts';
import { asStartProblem, orPortTaken } from '../../src/cmd/start-problem.ts';
import { listenFace } from '../../src/lib/http-face.ts';
import { JournalUnavailable } from '../../src/store/journal-errors.ts';
import { rejection } from '../support/rejection.ts';

describe('what can go wrong at a start', () => {
  it('names the flag of a port that is taken', async () => {
    const face = await listenFace('127.0.0.1', 0, {});
    const again = listenFace('127.0.0.1', face.port, {});
    const error = await rejection(orPortTaken(again, face.port, '--api-port'));
    await face.close();
    expect(error).to.be.instanceOf(StatusError);
    expect(error).to.match(new RegExp(`port ${String(face.port)} is taken.*--api-port`));
  });

  it('lets a journal speak for itself, and leaves what is unforeseen alone', () => {
    expect(asStartProblem(new JournalUnavailable('another server uses it'))).to.be.instanceOf(StatusError);
    const unforeseen = new Error('x');
    expect(asStartProblem(unforeseen)).to.equal(unforeseen);
  });
});
