import { expect } from 'chai';
import { createCatalog, type CatalogEntry } from '../../src/cli/catalog.ts';
import { parseSelection } from '../../src/cli/selection.ts';

const entry = (group: string, plural: string, kind: string, more: Partial<CatalogEntry> = {}): CatalogEntry => ({
  group,
  version: 'v1',
  plural,
  kind,
  singular: kind.toLowerCase(),
  shortNames: [],
  categories: [],
  namespaced: true,
  verbs: [],
  ...more,
});

const catalog = createCatalog([
  entry('', 'pods', 'Pod', { shortNames: ['po'], categories: ['all'] }),
  entry('', 'events', 'Event'),
  entry('apps', 'deployments', 'Deployment', { shortNames: ['deploy'], categories: ['all'] }),
  entry('events.k8s.io', 'events', 'Event'),
  entry('tepui.dev', 'apps', 'App'),
]);
const plurals = (name: string) => catalog.resolve(name).map((each) => `${each.plural}.${each.group}`);

describe('catalog', () => {
  it('knows plural, singular, short name, kind, qualified name and category', () => {
    for (const name of ['pods', 'pod', 'po', 'Pod']) expect(plurals(name)).to.deep.equal(['pods.']);
    for (const name of ['deployments.apps', 'deployment.v1.apps'])
      expect(plurals(name)).to.deep.equal(['deployments.apps']);
    expect(plurals('apps')).to.deep.equal(['apps.tepui.dev']);
    expect(plurals('all')).to.deep.equal(['pods.', 'deployments.apps']);
  });

  it('prefers the first group, and reaches the other by its name', () => {
    expect(plurals('events')).to.deep.equal(['events.']);
    expect(plurals('events.events.k8s.io')).to.deep.equal(['events.events.k8s.io']);
  });

  it('suggests what may have been meant', () => {
    expect(() => catalog.resolve('deploymnet')).to.throw('did you mean "deployment"');
    expect(() => catalog.forObject('v1', 'Pdo')).to.throw('did you mean "Pod"');
    expect(() => catalog.forObject('v1', 'Deployment')).to.throw('apps/v1');
  });
});

describe('selection', () => {
  const select = (...words: string[]) =>
    parseSelection(words, catalog).map(({ resource, names }) => [resource.plural, ...names]);

  it('reads types, names and TYPE/NAME', () => {
    expect(select('pods')).to.deep.equal([['pods']]);
    expect(select('pods,deploy')).to.deep.equal([['pods'], ['deployments']]);
    expect(select('pod', 'a', 'b')).to.deep.equal([['pods', 'a', 'b']]);
    expect(select('pod/a', 'deploy/b')).to.deep.equal([
      ['pods', 'a'],
      ['deployments', 'b'],
    ]);
    expect(select('pod/a', 'po/b', 'deploy/c')).to.deep.equal([
      ['pods', 'a', 'b'],
      ['deployments', 'c'],
    ]);
  });

  it('refuses what could mean several things', () => {
    expect(() => select('pod/a', 'b')).to.throw('not both');
    expect(() => select('pods,deploy', 'a')).to.throw('several types');
    expect(() => select('all/a')).to.throw('several types');
    expect(() => select('pod/')).to.throw('TYPE/NAME');
  });
});
