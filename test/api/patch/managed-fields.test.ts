// managedFields of creates and updates.
import { expect } from 'chai';
import type { ApiObject, ManagedFieldsEntry } from '../../../src/api/object.ts';
import { trackUpdate } from '../../../src/api/patch/managed-fields.ts';
import { deepFreeze } from '../../../src/lib/deep.ts';
import { definitions } from '../../support/schemas.ts';

const definition = 'io.k8s.api.apps.v1.Deployment';
const time = '2026-01-01T00:00:00Z';
const later = '2026-01-01T00:01:00Z';

type Options = { time?: string; subresource?: string };
const track = (before: ApiObject | undefined, after: ApiObject, manager: string, options: Options = {}): ApiObject =>
  deepFreeze(trackUpdate({ definitions, definition, before, after: deepFreeze(after), manager, time, ...options }));

const deployment = (spec: object, metadata: object = {}): ApiObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default', uid: 'u', ...metadata },
  spec,
});
const container = (fields: object): object => ({ template: { spec: { containers: [{ name: 'c', ...fields }] } } });
const entries = (object: ApiObject): readonly ManagedFieldsEntry[] => object.metadata.managedFields ?? [];
const with$ = (object: ApiObject, changes: object): ApiObject => ({ ...object, ...changes });
const fieldsOf = (object: ApiObject, manager: string): unknown =>
  entries(object).find((entry) => entry.manager === manager)?.fieldsV1;

describe('trackUpdate', () => {
  it('gives the creator everything but the identity', () => {
    const created = track(
      undefined,
      deployment(
        { replicas: 2, strategy: {}, ...container({ image: 'i', ports: [{ containerPort: 80 }], args: ['a'] }) },
        { labels: { app: 'x' }, finalizers: ['f/a'], resourceVersion: '1', generation: 1 },
      ),
      'kubectl-create',
    );
    expect(entries(created)).to.deep.equal([
      {
        manager: 'kubectl-create',
        operation: 'Update',
        apiVersion: 'apps/v1',
        time,
        fieldsType: 'FieldsV1',
        fieldsV1: {
          'f:metadata': {
            'f:finalizers': { '.': {}, 'v:"f/a"': {} },
            'f:labels': { '.': {}, 'f:app': {} },
          },
          'f:spec': {
            'f:replicas': {},
            'f:strategy': {},
            'f:template': {
              'f:spec': {
                'f:containers': {
                  '.': {},
                  'k:{"name":"c"}': {
                    '.': {},
                    'f:args': {},
                    'f:image': {},
                    'f:name': {},
                    'f:ports': {
                      '.': {},
                      'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} },
                    },
                  },
                },
              },
            },
          },
        },
      },
    ]);
  });

  it('moves changed fields to the updater and forgets removed ones', () => {
    const created = track(undefined, deployment({ replicas: 1, paused: true, minReadySeconds: 3 }), 'a');
    const changed = track(created, with$(created, { spec: { replicas: 2, minReadySeconds: 3 } }), 'b', { time: later });
    expect(fieldsOf(changed, 'a')).to.deep.equal({ 'f:spec': { 'f:minReadySeconds': {} } });
    expect(fieldsOf(changed, 'b')).to.deep.equal({ 'f:spec': { 'f:replicas': {} } });
    expect(entries(changed).map((entry) => entry.time)).to.deep.equal([time, later]);
    const emptied = track(changed, with$(changed, { spec: { replicas: 2 } }), 'c', { time: later });
    expect(entries(emptied).map((entry) => entry.manager)).to.deep.equal(['b']);
  });

  it('adds to the earlier entry of the same manager', () => {
    const created = track(undefined, deployment({ replicas: 1 }), 'a');
    const changed = track(created, with$(created, { spec: { replicas: 1, paused: true } }), 'a', { time: later });
    expect(entries(changed)).to.have.length(1);
    expect(entries(changed)[0]).to.include({ time: later });
    expect(fieldsOf(changed, 'a')).to.deep.equal({ 'f:spec': { 'f:paused': {}, 'f:replicas': {} } });
  });

  it('keeps entries and times when nothing changed', () => {
    const created = track(undefined, deployment({ replicas: 1 }), 'a');
    const same = track(created, with$(created, { metadata: { ...created.metadata, resourceVersion: '7' } }), 'b', {
      time: later,
    });
    expect(same.metadata.managedFields).to.equal(created.metadata.managedFields);
  });

  it('leaves the status to its subresource and the rest to the object', () => {
    const withStatus = track(undefined, with$(deployment({ replicas: 1 }), { status: { replicas: 1 } }), 'a');
    const created = with$(withStatus, { status: {} });
    expect(fieldsOf(created, 'a')).to.deep.equal({ 'f:spec': { 'f:replicas': {} } });
    const after = with$(created, { spec: { replicas: 9 }, status: { replicas: 1 } });
    const updated = track(created, after, 'controller', { subresource: 'status' });
    expect(fieldsOf(updated, 'controller')).to.deep.equal({ 'f:status': { 'f:replicas': {} } });
    expect(entries(updated).map((entry) => entry.subresource)).to.deep.equal([undefined, 'status']);
    expect(fieldsOf(updated, 'a')).to.deep.equal({ 'f:spec': { 'f:replicas': {} } });
    const scaled = track(created, with$(created, { spec: { replicas: 3 } }), 'hpa', { subresource: 'scale' });
    expect(fieldsOf(scaled, 'hpa')).to.deep.equal({ 'f:spec': { 'f:replicas': {} } });
  });

  it('takes what clients make of managedFields, except through a subresource', () => {
    const created = track(undefined, deployment({ replicas: 1 }), 'a');
    const sent = (managedFields: unknown): ApiObject =>
      with$(created, { metadata: { ...created.metadata, managedFields } });
    const renamed = [{ ...entries(created)[0], manager: 'z', operation: 'Apply' }];
    expect(track(created, sent(renamed), 'b').metadata.managedFields).to.deep.equal(renamed);
    expect(track(created, sent(renamed), 'b', { subresource: 'status' }).metadata).to.deep.equal(created.metadata);
    expect(track(created, sent(undefined), 'b').metadata).to.deep.equal(created.metadata);
    for (const unreadable of [[{ manager: 'x' }], [{ ...renamed[0], fieldsType: 'FieldsV9' }]])
      expect(track(created, sent(unreadable), 'b').metadata).to.deep.equal(created.metadata);
  });

  it('stays untracked once cleared', () => {
    const created = track(undefined, deployment({ replicas: 1 }), 'a');
    for (const empty of [[], [{}]]) {
      const cleared = track(created, with$(created, { metadata: { ...created.metadata, managedFields: empty } }), 'b');
      expect(cleared.metadata).to.not.have.property('managedFields');
      const changed = track(cleared, with$(cleared, { spec: { replicas: 5 } }), 'b');
      expect(changed.metadata).to.not.have.property('managedFields');
    }
  });

  it('calls a nameless manager unknown', () => {
    expect(entries(track(undefined, deployment({ replicas: 1 }), ''))[0]?.manager).to.equal('unknown');
  });

  it('folds the oldest of many updaters together', () => {
    let object = track(undefined, deployment({}, { annotations: { m0: '' } }), 'm0');
    for (let n = 1; n < 15; n++) {
      const annotations = { ...object.metadata.annotations, [`m${n}`]: '' };
      const after = with$(object, { metadata: { ...object.metadata, annotations } });
      object = track(object, after, `m${n}`, { time: `2026-01-01T00:00:${String(n + 10)}Z` });
    }
    const names = entries(object).map((entry) => entry.manager);
    expect(names).to.have.length.at.most(10);
    expect(names).to.include('ancient-changes').and.include('m14').and.not.include('m0');
    const owned = entries(object).flatMap((entry) =>
      Object.keys((entry.fieldsV1 as { 'f:metadata': { 'f:annotations': object } })['f:metadata']['f:annotations']),
    );
    expect(owned.filter((field) => field !== '.')).to.have.length(15);
  });

  it('counts elements of the same name as one', () => {
    const env = (...values: string[]): object => container({ env: values.map((value) => ({ name: 'E', value })) });
    const created = track(undefined, deployment(env('1', '2')), 'a');
    const element = (object: ApiObject, manager: string): unknown =>
      JSON.stringify(fieldsOf(object, manager)).includes('{\\"name\\":\\"E\\"}') || fieldsOf(object, manager);
    expect(JSON.stringify(fieldsOf(created, 'a'))).to.contain('E');
    const changed = track(created, with$(created, { spec: env('1', '3') }), 'b');
    expect(element(changed, 'b')).to.equal(true);
    const single = track(changed, with$(changed, { spec: env('1') }), 'c');
    expect(element(single, 'c')).to.equal(true);
    const doubled = track(single, with$(single, { spec: env('1', '1') }), 'd');
    expect(element(doubled, 'd')).to.equal(true);
  });

  it('follows a field that changes its type', () => {
    const app = (env: unknown): ApiObject => ({ apiVersion: 'tepui.dev/v1', kind: 'App', metadata: {}, spec: { env } });
    const of = (before: ApiObject | undefined, after: ApiObject, manager: string): ApiObject =>
      trackUpdate({ definitions, definition: 'dev.tepui.v1.App', before, after, manager, time });
    const created = of(undefined, app({ A: '1' }), 'a');
    const changed = of(created, { ...app([{ name: 'A', value: '1' }]), metadata: created.metadata }, 'b');
    expect(entries(changed).map((entry) => [entry.manager, entry.fieldsV1])).to.deep.equal([
      ['b', { 'f:spec': { 'f:env': {} } }],
    ]);
    const back = of(changed, { ...app({ A: '1' }), metadata: changed.metadata }, 'c');
    expect(entries(back).map((entry) => [entry.manager, entry.fieldsV1])).to.deep.equal([
      ['c', { 'f:spec': { 'f:env': { '.': {}, 'f:A': {} } } }],
    ]);
  });
});
