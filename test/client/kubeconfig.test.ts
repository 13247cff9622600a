import { expect } from 'chai';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { stringify } from 'yaml';
import { loadConnection, type KubeconfigOptions } from '../../src/client/kubeconfig.ts';

describe('client/kubeconfig', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tepui-kubeconfig-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const config = (over: object = {}) => ({
    'current-context': 'dev',
    contexts: [
      { name: 'dev', context: { cluster: 'c', user: 'u', namespace: 'shop' } },
      { name: 'bare', context: { cluster: 'c' } },
      { name: 'lost', context: { cluster: 'nowhere', user: 'u' } },
      { name: 'strange', context: { cluster: 'c', user: 'nobody' } },
    ],
    clusters: [
      { name: 'c', cluster: { server: 'https://127.0.0.1:6443', 'certificate-authority-data': base64('CA') } },
    ],
    users: [{ name: 'u', user: { token: 'T' } }],
    ...over,
  });
  const write = (name: string, content: object | string) => {
    writeFileSync(join(folder, name), typeof content === 'string' ? content : stringify(content));
    return join(folder, name);
  };
  const load = (options: Partial<KubeconfigOptions>) => loadConnection({ env: {}, home: folder, ...options });

  it('resolves the current context', () => {
    expect(load({ file: write('k', config()) })).to.deep.equal({
      context: 'dev',
      namespace: 'shop',
      server: 'https://127.0.0.1:6443',
      ca: 'CA',
      token: 'T',
    });
    expect(load({ file: join(folder, 'k'), context: 'bare' })).to.include({ context: 'bare', namespace: 'default' });
  });

  it('looks into KUBECONFIG, else into the home folder', () => {
    mkdirSync(join(folder, '.kube'));
    write('.kube/config', config());
    expect(load({}).context).to.equal('dev');
    const other = write('other', config({ 'current-context': 'bare' }));
    expect(load({ env: { KUBECONFIG: other } }).context).to.equal('bare');
  });

  it('merges a list of files, the first to name a thing deciding', () => {
    const first = write('first', {
      contexts: [{ name: 'dev', context: { cluster: 'c', user: 'u', namespace: 'first' } }],
    });
    const second = write('second', config());
    const KUBECONFIG = [first, join(folder, 'missing'), second].join(delimiter);
    expect(load({ env: { KUBECONFIG } })).to.include({ namespace: 'first', token: 'T' });
  });

  it('reads files that are named beside it, and prefers what is inline', () => {
    write('ca.pem', 'CA-FILE');
    write('cert.pem', 'CERT');
    write('key.pem', 'KEY');
    write('token', 'T-FILE\n');
    const clusters = [
      {
        name: 'c',
        cluster: {
          server: 'https://h',
          'certificate-authority': 'ca.pem',
          'tls-server-name': 'n',
          'insecure-skip-tls-verify': true,
        },
      },
    ];
    const user = { tokenFile: 'token', 'client-certificate': 'cert.pem', 'client-key': 'key.pem' };
    const file = write('k', config({ clusters, users: [{ name: 'u', user }] }));
    expect(load({ file })).to.include({
      ca: 'CA-FILE',
      token: 'T-FILE',
      clientCertificate: 'CERT',
      clientKey: 'KEY',
      tlsServerName: 'n',
      insecureSkipTlsVerify: true,
    });
    const inline = { ...user, 'client-certificate-data': base64('INLINE'), token: 'T' };
    expect(load({ file: write('k', config({ clusters, users: [{ name: 'u', user: inline }] })) })).to.include({
      clientCertificate: 'INLINE',
      token: 'T',
    });
  });

  it('says what is missing, where, and what there is', () => {
    const file = write('k', config());
    const cases: [Partial<KubeconfigOptions>, RegExp][] = [
      [{}, /no kubeconfig found: looked for .*config; start a cluster/],
      [{ file: join(folder, 'none') }, /cannot read kubeconfig .*none: ENOENT/],
      [{ file, context: 'x' }, /context "x" is not in .*; known contexts: dev, bare, lost, strange/],
      [{ file, context: 'lost' }, /context "lost" refers to cluster "nowhere", which is not in/],
      [{ file, context: 'strange' }, /context "strange" refers to user "nobody", which is not in/],
      [{ file: write('a', config({ 'current-context': '' })) }, /no current-context in .*known: dev, bare/],
      [{ file: write('b', '{ unclosed') }, /is not valid YAML/],
      [{ file: write('c', '') }, /is empty/],
      [
        { file: write('d', config({ clusters: [{ name: 'c', cluster: {} }] })) },
        /the cluster of context "dev" has no server/,
      ],
      [
        { file: write('e', config({ users: [{ name: 'u', user: { exec: {} } }] })) },
        /user "u" uses exec, which is not supported/,
      ],
      [
        { file: write('f', config({ users: [{ name: 'u', user: { 'client-key-data': 'x' } }] })) },
        /needs both client-certificate and client-key/,
      ],
      [
        { file: write('g', config({ users: [{ name: 'u', user: { tokenFile: 'gone' } }] })) },
        /cannot read tokenFile .*gone/,
      ],
    ];
    for (const [options, expected] of cases) expect(() => load(options), String(expected)).to.throw(expected);
  });
});
