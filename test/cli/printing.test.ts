import { expect } from 'chai';
import { describeObject } from '../../src/cli/describe.ts';
import { nameOf } from '../../src/cli/object-name.ts';
import { parseDurationSeconds } from '../../src/cli/duration.ts';
import { alignColumns, renderTable } from '../../src/cli/table.ts';

const table = {
  columnDefinitions: [{ name: 'Name', format: 'name' }, { name: 'Ready' }, { name: 'IP', priority: 1 }],
  rows: [
    { cells: ['a-long-name', '1/1', '10.0.0.1'], object: { metadata: { namespace: 'shop' } } },
    { cells: ['b', '0/1', null], object: { metadata: { namespace: 'default' } } },
  ],
};

describe('tables', () => {
  it('aligns columns and leaves the wide ones out', () => {
    expect(renderTable(table, { wide: false, withNamespace: false }).split('\n')).to.deep.equal([
      'NAME          READY',
      'a-long-name   1/1',
      'b             0/1',
    ]);
  });

  it('shows wide columns, namespaces and types when asked', () => {
    const text = renderTable(table, { wide: true, withNamespace: true, prefix: 'pod' });
    expect(text).to.match(
      /^NAMESPACE +NAME +READY +IP\nshop +pod\/a-long-name +1\/1 +10\.0\.0\.1\ndefault +pod\/b +0\/1$/,
    );
  });
});

describe('table options', () => {
  it('add labels and leave the header out', () => {
    const rows = [{ cells: ['a'], object: { metadata: { labels: { app: 'x', tier: 'y' } } } }, { cells: ['b'] }];
    const labelled = { columnDefinitions: [{ name: 'Name' }], rows };
    const options = { wide: false, withNamespace: false, withLabels: true, withoutHeader: true };
    expect(renderTable(labelled, options).split('\n')).to.deep.equal(['a   app=x,tier=y', 'b   <none>']);
  });

  it('keep the columns of what was printed before', () => {
    const widths: number[] = [];
    alignColumns([['a-long-name', '1']], widths);
    expect(alignColumns([['b', '2']], widths)).to.equal('b             2');
  });
});

describe('names', () => {
  it('carry the group', () => {
    expect(nameOf({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } })).to.equal('pod/a');
    expect(nameOf({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' } })).to.equal(
      'deployment.apps/a',
    );
  });
});

describe('durations', () => {
  it('are read as kubectl reads them', () => {
    expect(['90s', '5m', '1h30m'].map(parseDurationSeconds)).to.deep.equal([90, 300, 5400]);
    for (const text of ['', '5', 'm', '5x', '5m!']) expect(() => parseDurationSeconds(text)).to.throw('not a duration');
  });
});

describe('describe', () => {
  const nowMs = Date.parse('2026-01-01T01:00:00Z');
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 's', creationTimestamp: '2026-01-01T00:00:00Z', annotations: { note: 'x' } },
    data: { password: 'aHVudGVyMg==' },
  };

  it('never prints a secret', () => {
    const text = describeObject(secret, [], nowMs);
    expect(text).to.not.contain('aHVudGVyMg==');
    expect(text).to.match(/Age: +60m/);
  });

  it('shows conditions and events with their ages', () => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'False', reason: 'Unready', message: 'why' }] },
    };
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'e' },
      involvedObject: {},
      reason: 'Started',
      type: 'Normal',
      message: 'hello',
      lastTimestamp: '2026-01-01T00:59:30Z',
    } as const;
    const text = describeObject(pod, [event], nowMs);
    expect(text).to.match(/Ready +False +Unready +why/);
    expect(text).to.match(/30s +1 +Normal +Started +hello/);
  });
});
