// Protobuf request bodies: recordings of kubectl 1.35 against the JSON that it prints for the same command, hand-made
// messages for what kubectl never sends, and damaged bytes.
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import protobuf from 'protobufjs/minimal.js';
import { StatusError } from '../../src/api/status-error.ts';
import { decodeKubernetesProtobuf } from '../../src/rpc/kubernetes-protobuf.ts';

interface Recording {
  readonly command: string;
  readonly body: string;
  /** Without empty objects. */
  readonly expected: unknown;
}

const recordings = JSON.parse(readFileSync('test/fixtures/kubectl-protobuf.json', 'utf8')) as Recording[];

const withoutEmpty = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_key, child: unknown) =>
    typeof child === 'object' && child !== null && !Array.isArray(child) && Object.keys(child).length === 0
      ? undefined
      : child,
  ) as unknown;

type Build = (writer: protobuf.Writer) => protobuf.Writer;
const message = (...parts: Build[]): Uint8Array =>
  parts.reduce((writer, part) => part(writer), protobuf.Writer.create()).finish();
const text =
  (number: number, value: string): Build =>
  (writer) =>
    writer.uint32((number << 3) | 2).string(value);
const varint =
  (number: number, value: number): Build =>
  (writer) =>
    writer.uint32(number << 3).int64(value);
const nested =
  (number: number, ...parts: Build[]): Build =>
  (writer) =>
    writer.uint32((number << 3) | 2).bytes(message(...parts));

const envelope = (...parts: Build[]): Uint8Array => Uint8Array.from([0x6b, 0x38, 0x73, 0, ...message(...parts)]);
const frame = (apiVersion: string, kind: string, ...parts: Build[]): Uint8Array =>
  envelope(nested(1, text(1, apiVersion), text(2, kind)), nested(2, ...parts));

const errorOf = (body: Uint8Array): StatusError => {
  try {
    decodeKubernetesProtobuf(body);
  } catch (error) {
    if (error instanceof StatusError) return error;
    throw error;
  }
  throw new Error('the body was accepted');
};

describe('decodeKubernetesProtobuf', () => {
  for (const { command, body, expected } of recordings)
    it(`reads what \`${command}\` sends`, () => {
      const decoded = decodeKubernetesProtobuf(Buffer.from(body, 'base64'));
      expect(withoutEmpty(decoded)).to.deep.equal(expected);
    });

  it('puts inlined messages in their place and reads both forms of a port', () => {
    const decode = (...port: Build[]): unknown => {
      const handler = nested(1, nested(2, text(1, '/health'), nested(2, ...port)));
      const probe = nested(10, handler, varint(2, 5), varint(3, 0), varint(7, 0));
      const pod = decodeKubernetesProtobuf(frame('v1', 'Pod', nested(2, nested(2, text(1, 'c'), probe))));
      return (pod['spec'] as { containers: unknown[] }).containers[0];
    };
    expect(decode(varint(1, 0), varint(2, 80), text(3, ''))).to.deep.equal({
      name: 'c',
      livenessProbe: {
        httpGet: { path: '/health', port: 80 },
        initialDelaySeconds: 5,
        terminationGracePeriodSeconds: 0,
      },
    });
    const port = 'livenessProbe.httpGet.port';
    expect(decode(varint(1, 1), text(3, 'http'))).to.have.nested.property(port, 'http');
    expect(decode(varint(1, 0), varint(2, 0))).to.have.nested.property(port, 0);
  });

  it('keeps empty sources of a volume, which are pointers', () => {
    const volume = nested(1, text(1, 'v'), nested(2, nested(2)));
    expect(decodeKubernetesProtobuf(frame('v1', 'Pod', nested(2, volume)))['spec']).to.deep.equal({
      volumes: [{ name: 'v', emptyDir: {} }],
    });
  });

  it('writes times with the precision of their type and leaves out the zero time', () => {
    const time = (number: number, seconds: number, nanos: number): Build =>
      nested(number, varint(1, seconds), varint(2, nanos));
    const metadata = nested(1, time(8, 1_700_000_000, 999), text(1, 'l'));
    const spec = nested(2, time(3, 1_700_000_000, 1_234_567), time(4, 0, 0), text(1, 'me'), varint(2, 0));
    expect(decodeKubernetesProtobuf(frame('coordination.k8s.io/v1', 'Lease', metadata, spec))).to.deep.equal({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'l', creationTimestamp: '2023-11-14T22:13:20Z' },
      spec: { holderIdentity: 'me', leaseDurationSeconds: 0, acquireTime: '2023-11-14T22:13:20.001234Z' },
    });
  });

  it('reads embedded JSON, quantities and maps with odd keys', () => {
    const revision = frame('apps/v1', 'ControllerRevision', nested(2, text(1, '{"a":[1]}')), varint(3, 0));
    expect(decodeKubernetesProtobuf(revision)).to.deep.include({ data: { a: [1] }, revision: 0 });
    const hard = [nested(1, nested(2, text(1, '2Gi')), text(1, 'memory')), nested(1, text(1, 'pods'), nested(2))];
    expect(decodeKubernetesProtobuf(frame('v1', 'ResourceQuota', nested(2, ...hard)))['spec']).to.deep.equal({
      hard: { memory: '2Gi', pods: '0' },
    });
    const entries = [nested(2, text(1, '__proto__'), text(2, 'x'), varint(9, 1)), nested(2)];
    const odd = decodeKubernetesProtobuf(frame('v1', 'ConfigMap', ...entries));
    expect(Object.entries(odd['data'] as object)).to.deep.equal([
      ['__proto__', 'x'],
      ['', ''],
    ]);
  });

  it('reads DeleteOptions of any group, and lists of texts in maps', () => {
    const options = frame(
      'apps/v1',
      'DeleteOptions',
      varint(1, 0),
      varint(3, 0),
      text(4, 'Background'),
      text(5, 'All'),
    );
    expect(decodeKubernetesProtobuf(options)).to.deep.equal({
      apiVersion: 'apps/v1',
      kind: 'DeleteOptions',
      gracePeriodSeconds: 0,
      orphanDependents: false,
      propagationPolicy: 'Background',
      dryRun: ['All'],
    });
    const extra = nested(5, text(1, 'scopes'), nested(2, text(1, 'a'), text(1, 'b')));
    const review = frame('authorization.k8s.io/v1', 'SubjectAccessReview', nested(2, text(3, 'u'), extra));
    expect(decodeKubernetesProtobuf(review)['spec']).to.deep.equal({ user: 'u', extra: { scopes: ['a', 'b'] } });
  });

  it('skips fields that it does not know', () => {
    const unknown = [varint(99, 5), nested(98, text(1, 'x'))];
    expect(decodeKubernetesProtobuf(frame('v1', 'ServiceAccount', ...unknown, nested(1, text(1, 'a'))))).to.deep.equal({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'a' },
    });
  });

  it('refuses what is not such a body', () => {
    expect(errorOf(new TextEncoder().encode('{"a":1}')).message).to.contain('it must begin with "k8s"');
    expect(errorOf(new Uint8Array()).reason).to.equal('BadRequest');
    expect(errorOf(envelope(nested(2), varint(9, 1))).message).to.contain('its envelope must name apiVersion and kind');
    expect(errorOf(frame('v1', 'Secret', varint(1, 1))).message).to.contain('"metadata" has wire type 0, expected 2');
    expect(errorOf(frame('apps/v1', 'ControllerRevision', nested(2, text(1, '{')))).reason).to.equal('BadRequest');
  });

  it('names the kinds and encodings that it has no table for', () => {
    const unknown = errorOf(frame('tepui.dev/v1', 'App'));
    expect([unknown.reason, unknown.message]).to.deep.equal([
      'UnsupportedMediaType',
      'App of tepui.dev/v1 cannot be read from protobuf here: send application/json or application/yaml',
    ]);
    const typeMeta = nested(1, text(1, 'v1'), text(2, 'Secret'));
    expect(errorOf(envelope(typeMeta, nested(2), text(3, 'gzip'))).reason).to.equal('UnsupportedMediaType');
    expect(errorOf(envelope(typeMeta, nested(2), text(4, 'application/json'))).reason).to.equal('UnsupportedMediaType');
  });

  it('answers damaged bytes with an error of the caller, whatever they are', () => {
    const bodies = recordings.map(({ body }) => Buffer.from(body, 'base64'));
    const damaged = fc
      .tuple(fc.constantFrom(...bodies), fc.nat(), fc.integer({ min: 0, max: 255 }), fc.boolean())
      .map(([body, at, byte, isCut]) => {
        const position = at % body.length;
        return isCut ? body.subarray(0, position) : Buffer.from(body).fill(byte, position, position + 1);
      });
    fc.assert(
      fc.property(damaged, (body) => {
        try {
          decodeKubernetesProtobuf(body);
        } catch (error) {
          expect(error).to.be.instanceOf(StatusError);
          expect((error as StatusError).reason).to.be.oneOf(['BadRequest', 'UnsupportedMediaType']);
        }
      }),
      { numRuns: 500 },
    );
  });
});
