// Server-side apply: merging, ownership, conflicts, and what an apply that changes nothing leaves alone.
import { expect } from 'chai';
import fc from 'fast-check';
import type { ApiObject, ManagedFieldsEntry } from '../../../src/api/object.ts';
import { trackUpdate } from '../../../src/api/patch/managed-fields.ts';
import { serverSideApply } from '../../../src/api/patch/server-side-apply.ts';
import { StatusError } from '../../../src/api/status-error.ts';
import { deepFreeze } from '../../../src/lib/deep.ts';
import { definitions } from '../../support/schemas.ts';

const definition = 'io.k8s.api.apps.v1.Deployment';
const time = '2026-01-01T00:00:00Z';
const later = '2026-01-01T00:01:00Z';
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

interface Options {
  readonly force?: boolean;
  readonly time?: string;
  readonly subresource?: string;
}

const apply = (live: ApiObject | undefined, applied: ApiObject, manager: string, options: Options = {}): ApiObject =>
  deepFreeze(
    serverSideApply({
      definitions,
      definition,
      live,
      applied: deepFreeze(applied),
      manager,
      force: false,
      time,
      ...options,
    }),
  );
const update = (before: ApiObject | undefined, after: ApiObject, manager: string, subresource = ''): ApiObject =>
  deepFreeze(trackUpdate({ definitions, definition, before, after, manager, subresource, time }));

const deployment = (spec: object, metadata: object = {}): ApiObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default', ...metadata },
  spec,
});
const nothing: ApiObject = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } };
const containers = (...list: object[]): object => ({ template: { spec: { containers: list } } });
const containersOf = (object: ApiObject): unknown[] =>
  (object['spec'] as { template: { spec: { containers: unknown[] } } }).template.spec.containers;
const entries = (object: ApiObject): readonly ManagedFieldsEntry[] => object.metadata.managedFields ?? [];
const managers = (object: ApiObject): string[] => entries(object).map((entry) => entry.manager);
const fieldsOf = (object: ApiObject, manager: string): unknown =>
  entries(object).find((entry) => entry.manager === manager)?.fieldsV1;
const bare = (object: ApiObject): ApiObject => {
  const metadata = { ...object.metadata, managedFields: undefined };
  return JSON.parse(JSON.stringify({ ...object, metadata })) as ApiObject;
};
const conflictOf = (act: () => unknown): StatusError => {
  try {
    act();
  } catch (error) {
    expect(error).to.be.instanceOf(StatusError);
    expect((error as StatusError).reason).to.equal('Conflict');
    return error as StatusError;
  }
  throw new Error('there was no conflict');
};

describe('serverSideApply: merging', () => {
  it('creates', () => {
    const created = apply(undefined, deployment({ replicas: 2, ...containers({ name: 'c', image: 'i' }) }), 'm');
    expect(bare(created)).to.deep.equal(deployment({ replicas: 2, ...containers({ name: 'c', image: 'i' }) }));
    expect(entries(created)).to.deep.equal([
      {
        manager: 'm',
        operation: 'Apply',
        apiVersion: 'apps/v1',
        time,
        fieldsType: 'FieldsV1',
        fieldsV1: {
          'f:spec': {
            'f:replicas': {},
            'f:template': {
              'f:spec': { 'f:containers': { 'k:{"name":"c"}': { '.': {}, 'f:image': {}, 'f:name': {} } } },
            },
          },
        },
      },
    ]);
  });

  it('merges lists by key, sets by value, and replaces atomic values', () => {
    const live = apply(
      undefined,
      deployment(
        {
          template: {
            spec: {
              containers: [{ name: 'a', image: '1', args: ['x'], env: [{ name: 'E', value: '1' }] }],
              nodeSelector: { zone: 'a' },
            },
          },
        },
        { finalizers: ['f/a'] },
      ),
      'one',
    );
    const both = apply(
      live,
      deployment(
        {
          template: {
            spec: {
              containers: [
                { name: 'b', image: '2' },
                { name: 'a', env: [{ name: 'F', value: '2' }] },
              ],
            },
          },
        },
        { finalizers: ['f/b'] },
      ),
      'two',
    );
    expect(containersOf(both)).to.deep.equal([
      { name: 'b', image: '2' },
      {
        name: 'a',
        image: '1',
        args: ['x'],
        env: [
          { name: 'E', value: '1' },
          { name: 'F', value: '2' },
        ],
      },
    ]);
    expect(both.metadata.finalizers).to.deep.equal(['f/a', 'f/b']);
    const atomic = deployment({ template: { spec: { nodeSelector: { disk: 'ssd' } } } });
    expect(conflictOf(() => apply(both, atomic, 'two')).details?.causes?.[0]?.field).to.equal(
      '.spec.template.spec.nodeSelector',
    );
    const forced = apply(both, atomic, 'three', { force: true });
    expect((forced['spec'] as { template: { spec: object } }).template.spec).to.deep.include({
      nodeSelector: { disk: 'ssd' },
    });
  });

  it('keeps elements of others in place and new ones in the order of the configuration', () => {
    const named = (...names: string[]): object => containers(...names.map((name) => ({ name })));
    const orderOf = (live: string[], applied: string[]): string[] => {
      const before = update(undefined, deployment(named(...live)), 'x');
      const after = apply(before, deployment(named(...applied)), 'm');
      return containersOf(after).map((item) => (item as { name: string }).name);
    };
    expect(orderOf(['a', 'b', 'c'], ['c', 'a'])).to.deep.equal(['b', 'c', 'a']);
    expect(orderOf(['a', 'b', 'c'], ['b', 'n'])).to.deep.equal(['a', 'b', 'c', 'n']);
    expect(orderOf(['a', 'b'], ['n', 'b'])).to.deep.equal(['a', 'n', 'b']);
    expect(orderOf(['a'], ['n', 'a', 'o'])).to.deep.equal(['n', 'a', 'o']);
  });

  it('compares keys after defaulting them', () => {
    const ports = (...list: object[]): object => containers({ name: 'c', ports: list });
    const live = update(undefined, deployment(ports({ containerPort: 53, protocol: 'UDP' })), 'x');
    const after = apply(live, deployment(ports({ containerPort: 53 }, { containerPort: 53, protocol: 'UDP' })), 'm');
    expect(containersOf(after)).to.deep.equal([
      { name: 'c', ports: [{ containerPort: 53 }, { containerPort: 53, protocol: 'UDP' }] },
    ]);
    const defaulted = {
      ...after,
      spec: ports({ containerPort: 53, protocol: 'TCP' }, { containerPort: 53, protocol: 'UDP' }),
    };
    const again = deployment(ports({ containerPort: 53 }, { containerPort: 53, protocol: 'UDP' }));
    expect(bare(apply(defaulted, again, 'm'))).to.deep.equal(bare(defaulted));
  });

  it('owns nothing of the status through the object, and only the status through its subresource', () => {
    const config = { ...deployment({ replicas: 1 }), status: { replicas: 3 } };
    const created = apply(undefined, config, 'm');
    expect(created).to.not.have.property('status');
    const status = apply(created, config, 'controller', { subresource: 'status' });
    expect(status['status']).to.deep.equal({ replicas: 3 });
    expect(fieldsOf(status, 'controller')).to.deep.equal({ 'f:status': { 'f:replicas': {} } });
    expect(entries(status)[0]?.subresource).to.equal('status');
  });

  it('removes a field that the configuration sets to null', () => {
    const live = apply(undefined, deployment({ replicas: 1, paused: true }), 'm');
    const after = apply(live, deployment({ replicas: 1, paused: null }), 'm');
    expect(after['spec']).to.deep.equal({ replicas: 1 });
    expect(apply(after, deployment({ replicas: 1, paused: null }), 'm', { time: later })).to.equal(after);
  });

  it('merges what no schema knows as maps and leaves', () => {
    const live = apply(undefined, deployment({ odd: { a: 1 }, list: [1] }), 'm');
    const after = apply(live, deployment({ odd: { b: 2 }, list: [1] }), 'n');
    expect(after['spec']).to.deep.equal({ odd: { a: 1, b: 2 }, list: [1] });
  });
});

describe('serverSideApply: ownership', () => {
  const two = deployment({ replicas: 2, paused: true }, { labels: { a: '1', b: '2' } });

  it('removes what the applier drops and nobody else owns', () => {
    const live = apply(undefined, two, 'm');
    const after = apply(live, deployment({ replicas: 2 }, { labels: { a: '1' } }), 'm');
    expect(bare(after)).to.deep.equal(deployment({ replicas: 2 }, { labels: { a: '1' } }));
  });

  it('removes the map with its last entry', () => {
    const after = apply(apply(undefined, two, 'm'), deployment({ replicas: 2 }), 'm');
    expect(bare(after)).to.deep.equal(deployment({ replicas: 2 }));
  });

  it('keeps what another applier shares', () => {
    const shared = apply(apply(undefined, two, 'm'), deployment({ paused: true }, { labels: { b: '2' } }), 'n');
    expect(managers(shared)).to.deep.equal(['m', 'n']);
    const after = apply(shared, deployment({ replicas: 2 }, { labels: { a: '1' } }), 'm');
    expect(bare(after)).to.deep.equal(bare(shared));
    const gone = apply(after, nothing, 'n');
    expect(bare(gone)).to.deep.equal(deployment({ replicas: 2 }, { labels: { a: '1' } }));
    expect(managers(gone)).to.deep.equal(['m']);
  });

  it('keeps what an updater changed since', () => {
    const live = apply(undefined, two, 'm');
    const changed = update(live, { ...live, spec: { replicas: 5, paused: true } }, 'hpa', 'scale');
    expect(fieldsOf(changed, 'hpa')).to.deep.equal({ 'f:spec': { 'f:replicas': {} } });
    const after = apply(changed, deployment({ paused: true }, { labels: { a: '1', b: '2' } }), 'm');
    expect(after['spec']).to.deep.equal({ replicas: 5, paused: true });
  });

  it('removes an element of a list with everything that nobody else owns in it', () => {
    const live = apply(undefined, deployment(containers({ name: 'a', image: '1' }, { name: 'b', image: '1' })), 'm');
    const defaulted = {
      ...live,
      spec: containers({ name: 'a', image: '1', imagePullPolicy: 'Always' }, { name: 'b', image: '1', tty: false }),
    };
    const after = apply(defaulted, deployment(containers({ name: 'a', image: '1' })), 'm');
    expect(containersOf(after)).to.deep.equal([{ name: 'a', image: '1', imagePullPolicy: 'Always' }]);
  });

  it('keeps an element that another applier also has, without the fields of the first', () => {
    const live = apply(undefined, deployment(containers({ name: 'a', image: '1', tty: true })), 'm');
    const shared = apply(live, deployment(containers({ name: 'a', stdin: true })), 'n');
    const after = apply(shared, nothing, 'm');
    expect(containersOf(after)).to.deep.equal([{ name: 'a', stdin: true }]);
  });

  it('takes over with force, and only then', () => {
    const live = apply(undefined, two, 'm');
    const after = apply(live, deployment({ replicas: 9 }), 'n', { force: true });
    expect(after['spec']).to.deep.equal({ replicas: 9, paused: true });
    expect(fieldsOf(after, 'm')).to.deep.equal({
      'f:metadata': { 'f:labels': { 'f:a': {}, 'f:b': {} } },
      'f:spec': { 'f:paused': {} },
    });
    expect(fieldsOf(after, 'n')).to.deep.equal({ 'f:spec': { 'f:replicas': {} } });
  });

  it('books the fields of an object that was never tracked to its past', () => {
    const untracked = deployment({ replicas: 1 }, { uid: 'u' });
    const error = conflictOf(() => apply(untracked, deployment({ replicas: 2 }), 'm'));
    expect(error.message).to.contain('"before-first-apply" using apps/v1');
    const after = apply(untracked, deployment({ replicas: 1, paused: true }), 'm');
    expect(managers(after)).to.deep.equal(['m', 'before-first-apply']);
  });
});

describe('serverSideApply: conflicts', () => {
  it('names the one field', () => {
    const live = update(undefined, deployment({ replicas: 1 }), 'kubectl');
    const error = conflictOf(() => apply(live, deployment({ replicas: 2 }), 'm'));
    expect(error.message).to.equal(
      `Apply failed with 1 conflict: conflict with "kubectl" using apps/v1 at ${time}: .spec.replicas`,
    );
    expect(error.details).to.deep.equal({
      causes: [
        {
          reason: 'FieldManagerConflict',
          message: `conflict with "kubectl" using apps/v1 at ${time}`,
          field: '.spec.replicas',
        },
      ],
    });
    expect(error.code).to.equal(409);
  });

  it('lists many by owner', () => {
    const first = apply(undefined, deployment({ replicas: 1, ...containers({ name: 'c', image: '1' }) }), 'm');
    const live = update(first, { ...first, status: { replicas: 1 } }, 'controller', 'status');
    const paused = update(live, { ...live, spec: { ...(live['spec'] as object), paused: true } }, 'ui');
    const config = deployment({ replicas: 2, paused: false, ...containers({ name: 'c', image: '2' }) });
    const error = conflictOf(() => apply(paused, config, 'n'));
    expect(error.message).to.equal(
      [
        'Apply failed with 3 conflicts: conflicts with "m":',
        '- .spec.replicas',
        '- .spec.template.spec.containers[name="c"].image',
        `conflicts with "ui" using apps/v1 at ${time}:`,
        '- .spec.paused',
      ].join('\n'),
    );
    expect(error.details?.causes?.map(({ field }) => field)).to.deep.equal([
      '.spec.replicas',
      '.spec.template.spec.containers[name="c"].image',
      '.spec.paused',
    ]);
  });

  it('names the subresource', () => {
    const live = update(undefined, deployment({}), 'x');
    const scaled = update(live, { ...live, spec: { replicas: 3 } }, 'hpa', 'scale');
    expect(conflictOf(() => apply(scaled, deployment({ replicas: 1 }), 'm')).message).to.contain(
      '"hpa" with subresource "scale" using apps/v1',
    );
  });

  it('does not arise over equal values', () => {
    const live = update(undefined, deployment({ replicas: 1 }), 'kubectl');
    expect(managers(apply(live, deployment({ replicas: 1 }), 'm'))).to.deep.equal(['m', 'kubectl']);
  });
});

describe('serverSideApply: bad configurations', () => {
  const reasonOf = (applied: ApiObject, live?: ApiObject): string => {
    try {
      apply(live, applied, 'm');
    } catch (error) {
      if (error instanceof StatusError) return `${error.reason}: ${error.message}`;
      throw error;
    }
    return 'accepted';
  };

  it('are refused with their place', () => {
    expect(reasonOf(deployment({}, { managedFields: [] }))).to.match(/^BadRequest: metadata.managedFields must be nil/);
    expect(reasonOf(deployment(containers({ name: 'c' }, { name: 'c' })))).to.equal(
      'BadRequest: .spec.template.spec.containers: there is more than one element [name="c"]',
    );
    expect(reasonOf(deployment(containers({ image: 'i' })))).to.equal(
      'BadRequest: .spec.template.spec.containers: each element must be an object with name, found {"image":"i"}',
    );
    expect(reasonOf(deployment({}, { finalizers: [{}] }))).to.contain('the elements must be scalars');
    expect(reasonOf({ ...deployment({}), apiVersion: 'apps/v2' }, deployment({}))).to.contain('expected apps/v1');
    expect(reasonOf(deployment({}), deployment({}, { managedFields: [{ manager: 'x' }] }))).to.match(
      /^BadRequest: metadata.managedFields holds an entry that cannot be read/,
    );
  });
});

describe('serverSideApply: after client-side apply', () => {
  const config = (spec: object): ApiObject => deployment(spec, { annotations: {} });
  const live = (spec: object, last: unknown): ApiObject => {
    const annotations = { [lastApplied]: typeof last === 'string' ? last : `${JSON.stringify(last)}\n` };
    return update(undefined, deployment(spec, { annotations }), 'kubectl-client-side-apply');
  };

  it('lets kubectl change what its annotation says it set, and keeps the annotation up to date', () => {
    const before = live({ replicas: 1, paused: true }, config({ replicas: 1 }));
    const after = apply(before, deployment({ replicas: 2 }), 'kubectl');
    expect(after['spec']).to.deep.equal({ replicas: 2, paused: true });
    expect(JSON.parse(after.metadata.annotations?.[lastApplied] ?? '')).to.deep.equal(deployment({ replicas: 2 }));
    expect(apply(after, deployment({ replicas: 2 }), 'kubectl', { time: later })).to.equal(after);
  });

  it('stands by conflicts over the rest, and for other managers', () => {
    const before = live({ replicas: 1, paused: true }, config({ replicas: 1 }));
    const both = deployment({ replicas: 2, paused: false });
    expect(conflictOf(() => apply(before, both, 'kubectl')).details?.causes).to.have.length(1);
    expect(conflictOf(() => apply(before, both, 'flux')).details?.causes).to.have.length(2);
    const drifted = live({ replicas: 3 }, config({ replicas: 1 }));
    conflictOf(() => apply(drifted, deployment({ replicas: 2 }), 'kubectl'));
  });

  it('ignores an annotation that it cannot use', () => {
    for (const last of ['{', '"x"', JSON.stringify({ ...config({ replicas: 1 }), apiVersion: 'apps/v0' })])
      conflictOf(() => apply(live({ replicas: 1 }, last), deployment({ replicas: 2 }), 'kubectl'));
  });

  it('drops the annotation when it would grow too long', () => {
    const before = live({ replicas: 1 }, config({ replicas: 1 }));
    const huge = deployment({ replicas: 1 }, { annotations: { note: 'x'.repeat(140_000) } });
    expect(apply(before, huge, 'kubectl').metadata.annotations).to.have.all.keys('note');
  });
});

describe('serverSideApply: properties', () => {
  const word = fc.constantFrom('a', 'b', 'c');
  const container = fc.record(
    {
      name: word,
      image: word,
      args: fc.array(word, { maxLength: 2 }),
      env: fc.uniqueArray(fc.record({ name: word, value: word }), { selector: (item) => item.name, maxLength: 3 }),
      ports: fc.uniqueArray(
        fc.record(
          { containerPort: fc.constantFrom(80, 443), protocol: fc.constantFrom('TCP', 'UDP') },
          { requiredKeys: ['containerPort'] },
        ),
        { selector: (port) => `${String(port.containerPort)}/${port.protocol ?? 'TCP'}`, maxLength: 3 },
      ),
      securityContext: fc.record({ runAsUser: fc.nat(3) }, { requiredKeys: [] }),
    },
    { requiredKeys: ['name'] },
  );
  const configs = fc
    .record(
      {
        replicas: fc.nat(3),
        paused: fc.boolean(),
        containers: fc.uniqueArray(container, { selector: (item) => item.name, maxLength: 3 }),
        nodeSelector: fc.dictionary(word, word),
        labels: fc.dictionary(word, word),
        finalizers: fc.uniqueArray(word),
      },
      { requiredKeys: [] },
    )
    .map(({ containers: list, nodeSelector, labels, finalizers, ...spec }) =>
      deployment(
        { ...spec, template: { spec: { ...(list && { containers: list }), ...(nodeSelector && { nodeSelector }) } } },
        { ...(labels && { labels }), ...(finalizers && { finalizers }) },
      ),
    );

  it('an apply repeated changes nothing, not even a time', () => {
    fc.assert(
      fc.property(configs, configs, configs, (first, second, third) => {
        const live = apply(apply(undefined, first, 'm'), second, 'n', { force: true });
        const once = apply(live, third, 'm', { force: true });
        expect(apply(once, third, 'm', { time: later })).to.equal(once);
      }),
    );
  });

  it('what one manager applies last is all there is', () => {
    fc.assert(
      fc.property(configs, configs, (first, second) => {
        const replaced = apply(apply(undefined, first, 'm'), second, 'm');
        const fresh = apply(undefined, second, 'm');
        expect(entries(replaced)).to.deep.equal(entries(fresh));
        const clean = (object: ApiObject): unknown => JSON.parse(JSON.stringify(bare(object)), dropEmpty);
        expect(clean(replaced)).to.deep.equal(clean(fresh));
      }),
    );
  });

  it('managers of different fields never conflict, in any order, and leave each other alone', () => {
    const left = configs.map((config) =>
      deployment(
        { replicas: (config['spec'] as { replicas?: number }).replicas ?? 0 },
        { labels: config.metadata.labels ?? {} },
      ),
    );
    const right = configs.map((config) => deployment({ template: (config['spec'] as { template: object }).template }));
    fc.assert(
      fc.property(left, right, right, (mine, theirs, theirNext) => {
        const one = apply(apply(undefined, mine, 'm'), theirs, 'n');
        const other = apply(apply(undefined, theirs, 'n'), mine, 'm');
        expect(bare(one)).to.deep.equal(bare(other));
        const next = apply(one, theirNext, 'n');
        expect(fieldsOf(next, 'm')).to.deep.equal(fieldsOf(one, 'm'));
        expect(next.metadata.labels).to.deep.equal(one.metadata.labels);
      }),
    );
  });

  it('nobody owns a field that is not there, and every set field of the last apply is there', () => {
    fc.assert(
      fc.property(configs, configs, configs, (first, second, third) => {
        const live = update(undefined, first, 'u');
        const applied = apply(apply(live, second, 'm', { force: true }), third, 'm', { force: true });
        const again = apply(applied, third, 'other');
        expect(fieldsOf(again, 'other')).to.deep.equal(fieldsOf(applied, 'm'));
        const emptied = apply(apply(again, nothing, 'other'), nothing, 'm');
        expect(managers(emptied).filter((manager) => manager !== 'u')).to.deep.equal([]);
      }),
    );
  });
});

function dropEmpty(_key: string, value: unknown): unknown {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0 ? undefined : value;
}
