// Reading schemas from disk.
import { expect } from 'chai';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kinds } from '../../src/api/kinds.ts';
import { subresourcesOf } from '../../src/api/subresources.ts';
import { readSchemas } from '../../src/apiserver/read-schemas.ts';
import { definitions } from '../support/schemas.ts';

describe('schema files', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'schemas-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('are found in folders within folders, and only where they are JSON', async () => {
    await mkdir(join(folder, 'deep'));
    await writeFile(join(folder, 'a.json'), '{"$defs":{"A":{"$ref":"deep/b.json#/$defs/B"}}}');
    await writeFile(join(folder, 'deep', 'b.json'), '{"$defs":{"B":{"type":"string"}}}');
    await writeFile(join(folder, 'README.md'), 'not JSON');
    expect(Object.keys(await readSchemas(folder))).to.deep.equal(['A', 'B']);
  });

  it('are named when they are damaged', async () => {
    await writeFile(join(folder, 'a.json'), '{');
    const error = await readSchemas(folder).then(
      () => undefined,
      (reason: unknown) => reason as Error,
    );
    expect(error?.message).to.match(/a\.json is not JSON/);
  });

  it('define every kind, its list and its subresources', () => {
    for (const kind of kinds) {
      expect(definitions).to.have.property(kind.schema);
      expect(definitions).to.have.property(`${kind.schema}List`);
      for (const { schema } of subresourcesOf(kind)) expect(definitions).to.have.property(schema);
      expect(definitions[kind.schema]?.['x-kubernetes-group-version-kind']).to.deep.include({
        group: kind.group,
        version: kind.version,
        kind: kind.kind,
      });
    }
  });

  it('describe every definition, and every field of what is supported, in whole sentences', () => {
    for (const [name, { description = '', properties = {} }] of Object.entries(definitions)) {
      expect(description, name).to.match(/\.$/);
      if (description.includes('Not supported here') || description.includes('no Windows nodes')) continue;
      for (const [field, node] of Object.entries(properties))
        expect(node.description, `${name}.${field}`).to.match(/[.:]$/);
    }
  });
});
