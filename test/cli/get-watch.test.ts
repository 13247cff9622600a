import { expect } from 'chai';
import { watchSelection } from '../../src/cli/get-watch.ts';
import type { JsonCall, Session } from '../../src/cli/session.ts';
import { rejection } from '../support/rejection.ts';

const columns = [{ name: 'Name', format: 'name' }, { name: 'Status' }];
const row = (name: string, status: string, resourceVersion: string) => ({
  cells: [name, status],
  object: { metadata: { name, resourceVersion } },
});
const resource = {
  ...{ group: '', version: 'v1', plural: 'pods', kind: 'Pod', singular: 'pod' },
  ...{ shortNames: [], categories: [], namespaced: true, verbs: [] },
};

/** Answers one list, then each watch with the next of `watches`; the end of the last one is the interrupt. */
function scripted(list: object, watches: readonly (readonly object[])[]) {
  const abort = new AbortController();
  const printed: string[] = [];
  const calls: JsonCall[] = [];
  const session = {
    namespace: 'shop',
    signal: abort.signal,
    print: (text: string) => void printed.push(text),
    json: (call: JsonCall) => {
      calls.push(call);
      return Promise.resolve(list);
    },
    async *lines(call: JsonCall) {
      const events = watches[calls.push(call) - 2] ?? [];
      for (const event of events) yield await Promise.resolve(JSON.stringify(event));
      if (calls.length > watches.length) abort.abort();
    },
  } as unknown as Session;
  return { session, printed, calls };
}

describe('get --watch', () => {
  it('prints the table, then aligned rows, though columns are defined only once', async () => {
    const list = {
      metadata: { resourceVersion: '5' },
      columnDefinitions: columns,
      rows: [row('a-long-name', 'Pending', '4')],
    };
    const change = (version: string, definitions: object | null) => ({
      type: 'MODIFIED',
      object: { columnDefinitions: definitions, rows: [row('b', 'Running', version)] },
    });
    const { session, printed, calls } = scripted(list, [
      [change('6', columns), change('7', null)],
      [change('9', columns)],
    ]);
    await watchSelection(session, [{ resource, names: [] }], {});
    const line = 'b             Running';
    expect(printed).to.deep.equal(['NAME          STATUS\na-long-name   Pending', line, line, line]);
    expect(calls.map(({ query }) => query?.['resourceVersion'])).to.deep.equal([undefined, '5', '7']);
  });

  it('goes on after a bookmark, and prints whole objects when asked', async () => {
    const list = { metadata: { resourceVersion: '1' }, items: [] };
    const pod = { metadata: { name: 'web', resourceVersion: '2', managedFields: [] } };
    const bookmark = { type: 'BOOKMARK', object: { metadata: { resourceVersion: '8' } } };
    const { session, printed, calls } = scripted(list, [[{ type: 'ADDED', object: pod }, bookmark], []]);
    await watchSelection(session, [{ resource, names: [] }], { output: 'name' });
    expect(printed).to.deep.equal(['pod/web']);
    expect(calls.at(-1)?.query?.['resourceVersion']).to.equal('8');
  });

  it('ends with what the server says, and refuses what it cannot watch', async () => {
    const gone = { type: 'ERROR', object: { message: 'too old', reason: 'Expired', code: 410 } };
    const { session } = scripted({ metadata: {}, columnDefinitions: columns, rows: [row('a', 'x', '1')] }, [[gone]]);
    expect(await rejection(watchSelection(session, [{ resource, names: [] }], {}))).to.match(/too old/);
    const selection = { resource, names: [] };
    expect(await rejection(watchSelection(session, [selection, selection], {}))).to.match(/one type/);
    const empty = scripted({ metadata: {}, columnDefinitions: columns, rows: [] }, []);
    expect(await rejection(watchSelection(empty.session, [{ resource, names: ['x'] }], {}))).to.match(
      /pods "x" not found/,
    );
  });
});
