// Command, arguments and variables of a container.
import { expect } from 'chai';
import type { Container } from '../../../src/api/types.gen.ts';
import { planProcess } from '../../../src/node-agent/containers/process.ts';
import { referencesTo } from '../../support/container-host.ts';

const node = { name: 'node-1', address: '192.0.2.1', cpus: 4, memoryBytes: 2 ** 30 };
const image = {
  entrypoint: ['/entry', '-x'],
  cmd: ['default'],
  env: ['PATH=/img', 'A=image'],
  workingDir: '/w',
  user: '',
  stopSignal: undefined,
};
const references = referencesTo({
  configMaps: [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'c' },
      data: { K: 'v', 'bad=name': 'x' },
      binaryData: { BIN: '/wAB' },
    },
  ],
  secrets: [{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { P: 'cA==' } }],
});

const plan = (container: Partial<Container>, withImage = true) => {
  const whole: Container = { name: 'main', ...container };
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'pod-1', uid: 'u' },
    spec: { containers: [whole] },
  } as const;
  const { args, env, cwd } = planProcess({ pod, container: whole, references, node }, withImage ? image : undefined);
  return {
    args,
    cwd,
    env: Object.fromEntries(env.map((entry) => entry.split(/=(.*)/s).slice(0, 2))) as Record<string, string>,
  };
};

describe('process of a container', () => {
  it('combines command and args with entrypoint and cmd', () => {
    expect(plan({}).args).to.deep.equal(['/entry', '-x', 'default']);
    expect(plan({ args: ['a'] }).args).to.deep.equal(['/entry', '-x', 'a']);
    expect(plan({ command: ['c'] }).args).to.deep.equal(['c']);
    expect(plan({ command: ['c'], args: ['a'] }).args).to.deep.equal(['c', 'a']);
  });

  it('needs something to run', () => {
    expect(() => plan({}, false)).to.throw(/neither an image nor a command/);
    expect(() => plan({ args: ['a'] }, false)).to.throw(/neither an image nor a command/);
  });

  it('lets the container override the image, in variables and directory', () => {
    const { env, cwd } = plan({ env: [{ name: 'A', value: 'own' }], workingDir: '/own' });
    expect(env).to.include({ A: 'own', PATH: '/img', HOSTNAME: 'pod-1' });
    expect(cwd).to.equal('/own');
    expect(plan({}).cwd).to.equal('/w');
    expect(plan({ command: ['c'] }, false).cwd).to.equal('');
  });

  it('takes envFrom first, then env in order', () => {
    const { env, args } = plan({
      command: ['$(X)', '$(PRE_K)', '$(LATER)'],
      envFrom: [{ prefix: 'PRE_', configMapRef: { name: 'c' } }, { secretRef: { name: 's' } }],
      env: [
        { name: 'X', value: '$(PRE_K)/$(P)' },
        { name: 'EARLY', value: '$(LATER)' },
        { name: 'LATER', value: 'l' },
      ],
    });
    expect(env).to.include({ PRE_K: 'v', P: 'p', X: 'v/p', EARLY: '$(LATER)' });
    expect(Object.keys(env).some((name) => name.includes('bad'))).to.equal(false);
    expect(args).to.deep.equal(['v/p', 'v', 'l']);
  });

  it('takes no variables from binaryData', () => {
    const { env } = plan({ envFrom: [{ configMapRef: { name: 'c' } }] });
    expect(env).to.include({ K: 'v' }).and.not.have.property('BIN');
  });

  it('resolves valueFrom of every kind', () => {
    const from = (name: string, valueFrom: object) => ({ name, valueFrom });
    const { env } = plan({
      env: [
        from('N', { fieldRef: { fieldPath: 'metadata.name' } }),
        from('C', { resourceFieldRef: { resource: 'limits.cpu' } }),
        from('M', { configMapKeyRef: { name: 'c', key: 'K' } }),
        from('S', { secretKeyRef: { name: 's', key: 'P' } }),
        from('O', { secretKeyRef: { name: 'none', key: 'P', optional: true } }),
      ],
    });
    expect(env).to.include({ N: 'pod-1', C: '4', M: 'v', S: 'p' }).and.not.have.property('O');
  });

  it('names what is missing', () => {
    const env = (valueFrom: object) => plan({ env: [{ name: 'V', valueFrom }] });
    expect(() => env({ configMapKeyRef: { name: 'c', key: 'Z' } })).to.throw(
      /couldn't find key Z in configmap "c".*env\[V\]/,
    );
    expect(() => env({ secretKeyRef: { name: 'none', key: 'Z' } })).to.throw(/secret "none" not found/);
    expect(() => env({})).to.throw(/expected fieldRef/);
    expect(() => plan({ envFrom: [{ configMapRef: { name: 'none' } }] })).to.throw(/configmap "none" not found/);
    expect(() => plan({ envFrom: [{ configMapRef: { name: 'none', optional: true } }] })).to.not.throw();
  });
});
