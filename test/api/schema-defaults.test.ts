// Static defaults.
import { expect } from 'chai';
import fc from 'fast-check';
import { createValidator } from '../../src/api/create-validator.ts';
import { definitions, validator } from '../support/schemas.ts';

const deployment = 'io.k8s.api.apps.v1.Deployment';

describe('withDefaults', () => {
  it('fills in what Kubernetes does for a Deployment', () => {
    const given = {
      metadata: { name: 'web' },
      spec: {
        selector: { matchLabels: { app: 'web' } },
        template: {
          spec: {
            containers: [
              { name: 'a', ports: [{ containerPort: 80 }], livenessProbe: { httpGet: { port: 80 } }, env: [fieldEnv] },
            ],
            volumes: [{ name: 'v', configMap: { name: 'c' } }],
          },
        },
      },
    };
    expect(validator.withDefaults(deployment, given)).to.deep.equal({
      metadata: { name: 'web' },
      spec: {
        selector: { matchLabels: { app: 'web' } },
        replicas: 1,
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
        strategy: { type: 'RollingUpdate' },
        template: {
          spec: {
            containers: [
              {
                name: 'a',
                ports: [{ containerPort: 80, protocol: 'TCP' }],
                livenessProbe: {
                  httpGet: { port: 80, path: '/', scheme: 'HTTP' },
                  timeoutSeconds: 1,
                  periodSeconds: 10,
                  successThreshold: 1,
                  failureThreshold: 3,
                },
                env: [{ name: 'N', valueFrom: { fieldRef: { fieldPath: 'metadata.name', apiVersion: 'v1' } } }],
                terminationMessagePath: '/dev/termination-log',
                terminationMessagePolicy: 'File',
              },
            ],
            volumes: [{ name: 'v', configMap: { name: 'c', defaultMode: 420 } }],
            restartPolicy: 'Always',
            dnsPolicy: 'ClusterFirst',
            schedulerName: 'default-scheduler',
            securityContext: {},
            terminationGracePeriodSeconds: 30,
          },
        },
      },
    });
  });

  it('leaves what was given, also falsy values, and reaches into no absent object', () => {
    const given = { spec: { replicas: 0, strategy: { type: 'Recreate' } } };
    expect(validator.withDefaults(deployment, given)).to.deep.equal({
      spec: { replicas: 0, strategy: { type: 'Recreate' }, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 },
    });
    expect(validator.withDefaults(deployment, {})).to.deep.equal({});
  });

  it('completes a rolling update that is there', () => {
    const given = { spec: { strategy: { rollingUpdate: { maxSurge: 1 } } } };
    expect(validator.withDefaults(deployment, given).spec.strategy).to.deep.equal({
      type: 'RollingUpdate',
      rollingUpdate: { maxSurge: 1, maxUnavailable: '25%' },
    });
  });

  it('treats null as absent', () => {
    const given = { spec: { replicas: null } };
    expect(validator.withDefaults(deployment, given).spec.replicas).to.equal(1);
  });

  it('returns the same value when nothing was missing, and fresh objects where a default is one', () => {
    const pod = 'io.k8s.api.core.v1.Pod';
    const fresh = (): { spec: { securityContext: Record<string, unknown> } } =>
      validator.withDefaults(pod, { spec: {} }) as never;
    const filled = fresh();
    expect(validator.withDefaults(pod, filled)).to.equal(filled);
    filled.spec.securityContext['mark'] = true;
    expect(fresh().spec.securityContext).to.deep.equal({});
  });

  it('fills the source of an App variable in its map and in its list form', () => {
    const source = { fieldRef: { fieldPath: 'status.podIP' } };
    const filled = { fieldRef: { fieldPath: 'status.podIP', apiVersion: 'v1' } };
    const app = 'dev.tepui.v1.App';
    expect(validator.withDefaults(app, { spec: { env: { IP: source, A: 'x' } } }).spec.env).to.deep.equal({
      IP: filled,
      A: 'x',
    });
    const list = [{ name: 'IP', valueFrom: source }];
    expect(validator.withDefaults(app, { spec: { env: list } }).spec.env).to.deep.equal([
      { name: 'IP', valueFrom: filled },
    ]);
  });

  it('is idempotent, changes nothing in place, and invents nothing that the schema refuses', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(definitions)), fc.jsonValue(), (definition, value) => {
        const before = structuredClone(value);
        const once = validator.withDefaults(definition, value);
        expect(value).to.deep.equal(before);
        expect(validator.withDefaults(definition, once)).to.equal(once);
      }),
    );
  });

  it('stops at a schema that contains itself', () => {
    const tree = createValidator({
      Tree: { type: 'object', properties: { size: { type: 'integer', default: 1 }, next: { $ref: '#/$defs/Tree' } } },
    });
    expect(tree.withDefaults('Tree', { next: { next: {} } })).to.deep.equal({
      size: 1,
      next: { size: 1, next: { size: 1 } },
    });
  });

  it('names only defaults that its own schema accepts', () => {
    for (const [name, node] of Object.entries(definitions))
      for (const [field, property] of Object.entries(node.properties ?? {})) {
        if (property.default === undefined) continue;
        const { causes } = validator.validate(name, { [field]: property.default });
        expect(
          causes.filter((cause) => cause.field?.startsWith(field) && cause.reason !== 'FieldValueRequired'),
          name,
        ).to.be.empty;
      }
  });
});

const fieldEnv = { name: 'N', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } };
