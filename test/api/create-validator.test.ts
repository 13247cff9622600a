// Validation of whole objects against schemas/: causes, unknown fields, and what they say.
import { expect } from 'chai';
import { createValidator } from '../../src/api/create-validator.ts';
import type { StatusCause } from '../../src/api/status-error.ts';
import { definitions, validator } from '../support/schemas.ts';

const pod = (container: object, spec: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p' },
  spec: { containers: [{ name: 'a', ...container }], ...spec },
});
const app = (spec: object): object => ({ apiVersion: 'tepui.dev/v1', kind: 'App', metadata: { name: 'web' }, spec });
const podCauses = (container: object, spec: object = {}): readonly StatusCause[] =>
  validator.validate('io.k8s.api.core.v1.Pod', pod(container, spec)).causes;
const appCauses = (spec: object): readonly StatusCause[] => validator.validate('dev.tepui.v1.App', app(spec)).causes;
const line = ({ field, message }: StatusCause): string => `${field ?? ''}: ${message}`;

describe('validator', () => {
  it('finds nothing wrong with a proper object', () => {
    const found = validator.validate(
      'io.k8s.api.core.v1.Pod',
      pod({ image: 'nginx', resources: { limits: { cpu: 2, memory: '128Mi' } }, ports: [{ containerPort: 80 }] }),
    );
    expect(found).to.deep.equal({ unknownFields: [], causes: [] });
  });

  it('names unknown fields with path and suggestion, and does not count them as causes', () => {
    const deployment = {
      metadata: { name: 'web' },
      spec: {
        selector: {},
        image: 'nginx',
        template: { spec: { containers: [{ name: 'a', imagee: 'x', colour: 'red' }] } },
      },
    };
    expect(validator.validate('io.k8s.api.apps.v1.Deployment', deployment)).to.deep.equal({
      causes: [],
      unknownFields: [
        { path: 'spec.image', suggestion: 'spec.template.spec.containers[].image' },
        { path: 'spec.template.spec.containers[0].imagee', suggestion: 'image' },
        { path: 'spec.template.spec.containers[0].colour' },
      ],
    });
  });

  it('leads people who come from elsewhere to the field of an App', () => {
    const { unknownFields } = validator.validate('dev.tepui.v1.App', app({ healthCheck: {}, cmd: 'x', instances: 1 }));
    expect(unknownFields.map(({ suggestion }) => suggestion)).to.deep.equal(['livenessProbe', 'command', 'replicas']);
  });

  it('words causes as Kubernetes does', () => {
    const cases: [readonly StatusCause[], StatusCause['reason'], string][] = [
      [podCauses({ name: '' }), 'FieldValueRequired', 'spec.containers[0].name: Required value'],
      [podCauses({}, { containers: [] }), 'FieldValueRequired', 'spec.containers: Required value'],
      [podCauses({ ports: [{}] }), 'FieldValueRequired', 'spec.containers[0].ports[0].containerPort: Required value'],
      [
        podCauses({ ports: [{ containerPort: 70000 }] }),
        'FieldValueInvalid',
        'spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive',
      ],
      [
        podCauses({}, { restartPolicy: 'always' }),
        'FieldValueNotSupported',
        'spec.restartPolicy: Unsupported value: "always": supported values: "Always", "Never", "OnFailure"; did you mean "Always"?',
      ],
      [
        podCauses({ ports: [{ containerPort: 1, protocol: 'XYZ' }] }),
        'FieldValueNotSupported',
        'spec.containers[0].ports[0].protocol: Unsupported value: "XYZ": supported values: "SCTP", "TCP", "UDP"',
      ],
      [
        podCauses({}, { containers: [{ name: 'a' }, { name: 'a' }] }),
        'FieldValueDuplicate',
        'spec.containers[1].name: Duplicate value: "a"',
      ],
      [
        podCauses({ livenessProbe: {} }),
        'FieldValueRequired',
        'spec.containers[0].livenessProbe: Required value: must specify one of exec, httpGet, tcpSocket, grpc',
      ],
      [
        podCauses({}, { volumes: [{ name: 'v', emptyDir: {}, secret: {} }] }),
        'FieldValueForbidden',
        'spec.volumes[0].secret: Forbidden: may not be specified together with "emptyDir"',
      ],
      [
        podCauses({ env: [{ name: 'A=B' }] }),
        'FieldValueInvalid',
        'spec.containers[0].env[0].name: Invalid value: "A=B": must be printable ASCII characters other than "="',
      ],
      [
        appCauses({ replicas: -1 }),
        'FieldValueInvalid',
        'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
      ],
    ];
    for (const [causes, reason, text] of cases) {
      expect(causes.map(line)).to.deep.equal([text]);
      expect(causes[0]?.reason).to.equal(reason);
    }
  });

  it('says what it expected, what it found, and how to write it', () => {
    expect(appCauses({ replicas: '3' }).map(line)).to.deep.equal([
      'spec.replicas: Invalid value: "3": expected integer, found string; write it without quotes: 3',
    ]);
    expect(podCauses({ env: [{ name: 'A', value: 8080 }] }).map(line)).to.deep.equal([
      'spec.containers[0].env[0].value: Invalid value: 8080: expected string, found number; write it in quotes: "8080"',
    ]);
    expect(podCauses({ command: 'date' }).map(line)).to.deep.equal([
      'spec.containers[0].command: Invalid value: "date": expected list, found string',
    ]);
    expect(podCauses({}, { containers: [null] }).map(line)).to.deep.equal([
      'spec.containers[0]: Invalid value: null: expected map, found null',
    ]);
    expect(podCauses({ resources: { limits: { memory: '128mb' } } }).map(line)).to.deep.equal([
      'spec.containers[0].resources.limits[memory]: Invalid value: "128mb": must be a quantity such as 500m, 2, 128Mi or 1.5Gi; did you mean "128Mi"?',
    ]);
    expect(appCauses({ replicas: 3_000_000_000 }).map(line)).to.deep.equal([
      'spec.replicas: Invalid value: 3000000000: must be a whole number of 32 bits',
    ]);
  });

  it('checks numbers of either form', () => {
    const strategy = (rollingUpdate: object): string[] => appCauses({ strategy: { rollingUpdate } }).map(line);
    expect(strategy({ maxSurge: 1, maxUnavailable: '10%' })).to.deep.equal([]);
    expect(strategy({ maxSurge: '1x' })).to.deep.equal([
      'spec.strategy.rollingUpdate.maxSurge: Invalid value: "1x": must be a whole number or a percentage such as 25%',
    ]);
    expect(strategy({ maxSurge: -1 })).to.have.lengthOf(1);
    expect(strategy({ maxSurge: 1.5 })).to.have.lengthOf(1);
  });

  it('accepts the forms that an App allows', () => {
    for (const spec of [
      { command: 'date' },
      { command: ['date'] },
      { env: { A: 'x', B: { secretKeyRef: { name: 's', key: 'k' } } } },
      { env: [{ name: 'A', value: 'x' }] },
      { volumes: [{ name: 'v', mountPath: '/v', emptyDir: {} }] },
    ])
      expect(validator.validate('dev.tepui.v1.App', app(spec))).to.deep.equal({ unknownFields: [], causes: [] });
    expect(appCauses({ env: { A: 1, B: {} } }).map(line)).to.deep.equal([
      'spec.env[A]: Invalid value: 1: expected string or map, found number; write it in quotes: "1"',
      'spec.env[B]: Required value: must specify one of configMapKeyRef, secretKeyRef, fieldRef, resourceFieldRef',
    ]);
  });

  it('checks the keys and values of maps', () => {
    const selected = (map: object): string[] => podCauses({}, { nodeSelector: map }).map(line);
    expect(selected({ 'bad key': 'x' })).to.have.lengthOf(1);
    expect(selected({ 'bad key': 'x' })[0]).to.match(/^spec\.nodeSelector: Invalid value: "bad key": must be a name/);
    expect(selected({ ok: 'in valid' })[0]).to.match(/^spec\.nodeSelector\[ok\]: Invalid value: "in valid"/);
  });

  it('never quotes what is in a Secret', () => {
    const { causes } = validator.validate('io.k8s.api.core.v1.Secret', {
      metadata: { name: 's' },
      data: { k: 'not base64!' },
      stringData: { k: 12345 },
    });
    expect(causes.map(line)).to.deep.equal([
      'data[k]: Invalid value: must be base64',
      'stringData[k]: Invalid value: expected string, found number; write it in quotes',
    ]);
  });

  it('cuts long values and lists short', () => {
    const [cause] = podCauses({}, { containers: [{ name: 'a', command: 'x'.repeat(500) }] });
    expect(cause?.message.length).to.be.lessThan(150);
  });

  it('takes null, and zero values of Go where they are no legal values, for absent', () => {
    const found = validator.validate('io.k8s.api.apps.v1.Deployment', {
      metadata: { name: 'web', creationTimestamp: null },
      spec: {
        selector: {},
        strategy: { type: '' },
        template: {
          metadata: { creationTimestamp: null },
          spec: {
            containers: [{ name: 'a', resources: null, livenessProbe: { exec: { command: ['x'] }, periodSeconds: 0 } }],
          },
        },
      },
      status: {},
    });
    expect(found).to.deep.equal({ unknownFields: [], causes: [] });
  });

  it('does not change what it is given', () => {
    const given = { metadata: { name: null }, spec: { replicas: '1', bogus: {} } };
    const before = structuredClone(given);
    validator.validate('io.k8s.api.apps.v1.Deployment', given);
    expect(given).to.deep.equal(before);
  });

  it('compiles every definition', () => {
    for (const name of Object.keys(definitions)) expect(validator.validate(name, {})).to.have.property('causes');
  });

  it('follows a schema that contains itself', () => {
    const tree = createValidator({
      Tree: { type: 'object', properties: { size: { type: 'integer' }, next: { $ref: '#/$defs/Tree' } } },
    });
    expect(tree.validate('Tree', { next: { next: { size: 'x' } } }).causes.map(line)).to.deep.equal([
      'next.next.size: Invalid value: "x": expected integer, found string',
    ]);
  });

  it('lets an empty value stand beside a source, as Kubernetes does', () => {
    const valueFrom = { fieldRef: { fieldPath: 'metadata.name' } };
    expect(podCauses({ env: [{ name: 'A', value: '', valueFrom }] })).to.deep.equal([]);
    expect(podCauses({ env: [{ name: 'A', value: 'x', valueFrom }] })).to.have.lengthOf(1);
  });

  it('throws for a definition that is not there', () => {
    expect(() => createValidator({}).validate('Nothing', {})).to.throw('there is no schema Nothing');
  });
});
