import { expect } from 'chai';
import { StatusError } from '../../src/api/status-error.ts';
import { listenFace } from '../../src/lib/http-face.ts';
import { journalProblem, withFolder, withPort } from '../../src/cmd/start-errors.ts';
import { JournalUnavailable } from '../../src/store/journal-errors.ts';
import { rejection } from '../support/rejection.ts';

describe('what can go wrong at a start', () => {
  it('names the flag of a port that is taken', async () => {
    const face = await listenFace('127.0.0.1', 0, {});
    const again = listenFace('127.0.0.1', face.port, {});
    const error = await rejection(withPort('--api-port', face.port, again));
    await face.close();
    expect(error).to.be.instanceOf(StatusError);
    expect(error).to.match(new RegExp(`--api-port ${String(face.port)}: another program listens there`));
  });

  it('says why a folder is no good', () => {
    const fail = (code: string) => () =>
      withFolder('/there', () => {
        throw Object.assign(new Error('raw'), { code });
      });
    expect(fail('EACCES')).to.throw(StatusError, 'cannot keep anything in /there: this user may not write there');
    expect(fail('ENOTDIR')).to.throw('a part of the path is a file');
    expect(fail('EOTHER')).to.throw('raw');
  });

  it('lets a journal speak for itself, and leaves what is unforeseen alone', () => {
    expect(journalProblem(new JournalUnavailable('another server uses it'))).to.be.instanceOf(StatusError);
    const unforeseen = new Error('x');
    expect(journalProblem(unforeseen)).to.equal(unforeseen);
  });
});
