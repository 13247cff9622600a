// Strategic merge patch against what kubectl 1.35 made of the same objects and patches (`kubectl patch --local`), with
// directives and nulls that it leaves in its output taken out.
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { ApiObject } from '../../../src/api/object.ts';
import { applyStrategicMergePatch } from '../../../src/api/patch/strategic-merge.ts';
import { StatusError } from '../../../src/api/status-error.ts';
import { deepFreeze } from '../../../src/lib/deep.ts';
import { definitions } from '../../support/schemas.ts';

interface Recording {
  readonly name: string;
  readonly definition: string;
  readonly object: ApiObject;
  readonly patch: unknown;
  /** Absent where kubectl refused the patch. */
  readonly expected?: ApiObject;
}

const recordings = JSON.parse(readFileSync('test/fixtures/strategic-merge.json', 'utf8')) as Recording[];

const pod = (spec: object): ApiObject => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' }, spec });
const patchPod = (object: ApiObject, patch: unknown): ApiObject =>
  applyStrategicMergePatch(definitions, 'io.k8s.api.core.v1.Pod', deepFreeze(object), deepFreeze(patch));

describe('applyStrategicMergePatch', () => {
  for (const { name, definition, object, patch, expected } of recordings)
    it(name, () => {
      const act = (): ApiObject => applyStrategicMergePatch(definitions, definition, deepFreeze(object), patch);
      if (expected === undefined) expect(act).to.throw(StatusError, 'the strategic merge patch cannot be applied');
      else expect(act()).to.deep.equal(expected);
    });

  it('refuses what is no patch', () => {
    expect(() => patchPod(pod({}), [])).to.throw(StatusError, 'must be a JSON object');
    expect(() => patchPod(pod({}), { spec: { '$setElementOrder/containers': 'a' } })).to.not.throw();
    expect(() => patchPod(pod({ containers: [] }), { spec: { '$setElementOrder/containers': 'a' } })).to.throw(
      '"$setElementOrder/containers" must be a list, found "a"',
    );
    expect(() => patchPod(pod({}), { metadata: { $retainKeys: 'a' } })).to.throw('"$retainKeys" must be a list');
  });

  it('merges and replaces by type where the schema knows nothing', () => {
    const before = pod({ unknown: { a: 1, list: [1, 2] }, other: [1] });
    const patch = { spec: { unknown: { b: 2, list: [3] }, other: { c: 1 } } };
    expect(patchPod(before, patch)['spec']).to.deep.equal({ unknown: { a: 1, b: 2, list: [3] }, other: { c: 1 } });
  });

  it('takes any merge list without key as a mistake of the patch', () => {
    const definition = {
      properties: { list: { type: 'array', items: { type: 'object' }, 'x-kubernetes-patch-strategy': 'merge' } },
    } as const;
    const object = { ...pod({}), list: [{ a: 1 }] };
    expect(() => applyStrategicMergePatch({ Odd: definition }, 'Odd', object, { list: [{ b: 1 }] })).to.throw(
      'the list "list" has no merge key',
    );
  });
});
