import { expect } from 'chai';
import { invalid, StatusError } from '../../src/api/status-error.ts';
import { parseFieldPath } from '../../src/cli/field-position.ts';
import { describeProblems } from '../../src/cli/manifest-problems.ts';
import { parseManifests, type Manifest } from '../../src/cli/manifests.ts';

const text = `# a comment
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels: { app.example/name: web }
spec:
  containers:
    - name: main
      imagee: nginx
      env: &env
        - name: A
    - name: side
      env: *env
`;

function only(manifests: readonly Manifest[]): Manifest {
  const [manifest] = manifests;
  if (!manifest) throw new Error('expected a manifest');
  return manifest;
}
const manifest = only(parseManifests(text, 'web.yaml'));

describe('places in manifests', () => {
  it('splits paths into fields, numbers and keys', () => {
    expect(parseFieldPath('spec.containers[0].env')).to.deep.equal(['spec', 'containers', 0, 'env']);
    expect(parseFieldPath('metadata.labels[a.b/c]')).to.deep.equal(['metadata', 'labels', 'a.b/c']);
  });

  const places: [string, string][] = [
    ['spec.containers[0].imagee', 'web.yaml:10:7'],
    ['spec.containers[1]', 'web.yaml:13:7'],
    ['metadata.labels[app.example/name]', 'web.yaml:6:13'],
    ['spec.containers[1].env[0].name', 'web.yaml:12:11'],
    ['spec.containers[1].command', 'web.yaml:13:7'],
    ['status.phase', 'web.yaml:2:1'],
  ];
  for (const [path, place] of places) it(`finds ${path}`, () => expect(manifest.locate(path)).to.equal(place));

  it('finds fields in the items of a list', () => {
    const list = 'apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: Pod\n    spec: {}\n';
    const found = only(parseManifests(list, 'list.yaml'));
    expect([found.source, found.locate('spec')]).to.deep.equal(['list.yaml:4', 'list.yaml:6:5']);
  });

  it('takes strict decoding errors apart', () => {
    const message =
      'Pod in version "v1" cannot be handled as a Pod: strict decoding error: ' +
      'unknown field "spec.containers[0].imagee", did you mean "image"?, duplicate field "spec.containers[1].env"';
    expect(describeProblems(manifest, new StatusError('BadRequest', message))).to.deep.equal([
      'web.yaml:10:7: unknown field "spec.containers[0].imagee", did you mean "image"?',
      'web.yaml:14:7: duplicate field "spec.containers[1].env"',
    ]);
  });

  it('gives each cause of an invalid object its place', () => {
    const error = invalid({ group: '', kind: 'Pod' }, 'web', [
      { reason: 'FieldValueRequired', field: 'spec.containers[1].env[0].name', message: 'Required value' },
      { reason: 'FieldValueInvalid', field: 'metadata.name', message: 'Invalid value' },
    ]);
    expect(describeProblems(manifest, error)).to.deep.equal([
      'web.yaml:12:11: Pod "web": spec.containers[1].env[0].name: Required value',
      'web.yaml:5:3: Pod "web": metadata.name: Invalid value',
    ]);
  });

  it('names the document for everything else', () => {
    expect(describeProblems(manifest, new StatusError('Forbidden', 'no'))).to.deep.equal(['web.yaml:2: no']);
  });
});
