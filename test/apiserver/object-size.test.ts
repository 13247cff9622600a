import { expect } from 'chai';
import { configMap, createApi, type Api } from './api-fixture.ts';

const maps = '/api/v1/namespaces/default/configmaps';
const text = (length: number) => 'x'.repeat(length);
const fits = 1_468_006;
const tooLarge = 1_677_722;

describe('the size of one object', () => {
  let api: Api;

  beforeEach(async () => {
    api = await createApi();
  });
  afterEach(() => api.close());

  const refusal = (answer: { readonly status: number; readonly json: { readonly message: string } }) => {
    expect(answer.status).to.equal(413);
    expect(answer.json).to.include({ reason: 'RequestEntityTooLarge', code: 413 });
    const sizes = /configmaps "m" has (\d+) bytes.*at most (\d+)/.exec(answer.json.message)?.slice(1).map(Number);
    expect(sizes?.[0]).to.be.within(1_572_865, 1_800_000);
    expect(sizes?.[1]).to.equal(1_572_864);
  };

  it('may be 1.4 MiB: created, replaced, applied', async () => {
    const made = await api.call(`POST ${maps}`, { body: configMap('m', { a: text(fits) }) });
    expect(made.status).to.equal(201);
    const replaced = await api.call(`PUT ${maps}/m`, { body: configMap('m', { a: text(fits - 1) }) });
    expect(replaced.status).to.equal(200);
    const type = 'application/apply-patch+yaml';
    const applied = await api.call(`PATCH ${maps}/n?fieldManager=t`, {
      body: configMap('n', { a: text(fits) }),
      type,
    });
    expect(applied.status).to.equal(201);
  });

  it('is refused at 1.6 MiB with both sizes, however it comes, and nothing is kept', async () => {
    const body = configMap('m', { a: text(tooLarge) });
    refusal(await api.call(`POST ${maps}`, { body }));
    refusal(await api.call(`POST ${maps}?dryRun=All`, { body }));
    const apply = 'application/apply-patch+yaml';
    refusal(await api.call(`PATCH ${maps}/m?fieldManager=t`, { body, type: apply }));
    expect((await api.call(`GET ${maps}/m`)).status).to.equal(404);
    await api.call(`POST ${maps}`, { body: configMap('m', { a: 'small' }) });
    refusal(await api.call(`PUT ${maps}/m`, { body }));
    expect((await api.call(`GET ${maps}/m`)).json.data).to.deep.equal({ a: 'small' });
  });

  it('is refused when patches make it grow', async () => {
    await api.call(`POST ${maps}`, { body: configMap('m', { a: text(fits) }) });
    const more = { data: { b: text(200_000) } };
    for (const type of ['application/merge-patch+json', 'application/strategic-merge-patch+json']) {
      refusal(await api.call(`PATCH ${maps}/m`, { body: more, type }));
    }
    const add = [{ op: 'add', path: '/data/b', value: text(200_000) }];
    refusal(await api.call(`PATCH ${maps}/m`, { body: add, type: 'application/json-patch+json' }));
    const copy = [{ op: 'copy', from: '/data/a', path: '/data/b' }];
    const doubled = await api.call(`PATCH ${maps}/m`, { body: copy, type: 'application/json-patch+json' });
    expect(doubled.status).to.equal(413);
  });
});
