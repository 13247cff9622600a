// OpenAPI as clients ask for it, over the real schemas and kinds.
import { expect } from 'chai';
import { kinds } from '../../../src/api/kinds.ts';
import { createOpenApi } from '../../../src/apiserver/openapi/create-openapi.ts';
import { openApiMessages } from '../../../src/rpc/openapi-document.ts';
import { apiRequest, bodyJson } from '../../support/api-request.ts';
import { definitions } from '../../support/schemas.ts';

const openapi = createOpenApi({ definitions, kinds, version: 'v1.36.0' });
const get = (url: string, headers: Record<string, string> = {}) => openapi(apiRequest(url, { headers }));
const protobuf = { accept: 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf' };

type Node = Record<string, unknown>;
interface Document {
  paths: Record<string, Record<string, Node>>;
  components: { schemas: Record<string, Node> };
  definitions: Record<string, Node>;
}

/** Every `$ref` in a document, leaving alone properties that happen to have that name. */
function references(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === '$ref' && typeof value === 'string' ? [value] : references(value),
  );
}

const at = (document: unknown, reference: string): unknown =>
  reference
    .slice(2)
    .split('/')
    .reduce<unknown>((node, key) => (node as Node | undefined)?.[key], document);

describe('OpenAPI version 3', () => {
  const root = (): Record<string, { serverRelativeURL: string }> =>
    (bodyJson(get('/openapi/v3?timeout=32s')) as { paths: Record<string, { serverRelativeURL: string }> }).paths;

  it('lists one document per group version, with a hash', () => {
    expect(Object.keys(root())).to.have.members([
      'api/v1',
      'apis/apps/v1',
      'apis/discovery.k8s.io/v1',
      'apis/coordination.k8s.io/v1',
      'apis/scheduling.k8s.io/v1',
      'apis/events.k8s.io/v1',
      'apis/tepui.dev/v1',
    ]);
    expect(root()['apis/apps/v1']?.serverRelativeURL).to.match(/^\/openapi\/v3\/apis\/apps\/v1\?hash=[0-9A-F]{32}$/);
  });

  it('serves complete documents: every reference leads somewhere within', () => {
    for (const { serverRelativeURL } of Object.values(root())) {
      const document = bodyJson(get(serverRelativeURL)) as Document;
      for (const reference of new Set(references(document)))
        expect(at(document, reference), reference).to.be.an('object');
      expect(JSON.stringify(document)).not.to.contain('x-tepui');
    }
  });

  it('may be kept for good under the current hash only', () => {
    const url = root()['apis/apps/v1']?.serverRelativeURL ?? '';
    expect(get(url)?.headers['cache-control']).to.contain('immutable');
    expect(get('/openapi/v3/apis/apps/v1?hash=OLD')?.headers['cache-control']).not.to.contain('immutable');
    expect(get('/openapi/v3/apis/apps/v1')?.headers['cache-control']).not.to.contain('immutable');
  });

  it('answers 304 to who has it, and changes its tag with the schemas, the kinds and the version', () => {
    const etag = String(get('/openapi/v3')?.headers['etag']);
    expect(get('/openapi/v3', { 'if-none-match': etag })?.status).to.equal(304);
    const others = [
      createOpenApi({ definitions: { ...definitions, More: { type: 'string' } }, kinds, version: 'v1.36.0' }),
      createOpenApi({ definitions, kinds: kinds.slice(1), version: 'v1.36.0' }),
      createOpenApi({ definitions, kinds, version: 'v1.36.1' }),
    ];
    for (const other of others) expect(other(apiRequest('/openapi/v3'))?.headers['etag']).not.to.equal(etag);
  });

  it('gives explain what it looks for: the kind of an operation and the schema that names the same kind', () => {
    const document = bodyJson(get('/openapi/v3/apis/tepui.dev/v1')) as Document;
    const operation = document.paths['/apis/tepui.dev/v1/namespaces/{namespace}/apps/{name}']?.['get'];
    const kind = { group: 'tepui.dev', version: 'v1', kind: 'App' };
    expect(operation?.['x-kubernetes-group-version-kind']).to.deep.equal(kind);
    expect(document.components.schemas['dev.tepui.v1.App']?.['x-kubernetes-group-version-kind']).to.deep.equal([kind]);
  });

  it('gives apply what it looks for: fieldValidation and the patch types', () => {
    const document = bodyJson(get('/openapi/v3/apis/apps/v1')) as Document;
    const patch = document.paths['/apis/apps/v1/namespaces/{namespace}/deployments/{name}']?.['patch'] as {
      parameters: { name: string; in: string }[];
      requestBody: { content: object };
    };
    expect(patch.parameters.find(({ name }) => name === 'fieldValidation')).to.include({ in: 'query' });
    expect(Object.keys(patch.requestBody.content)).to.include('application/strategic-merge-patch+json');
  });
});

describe('OpenAPI version 2', () => {
  it('is JSON unless protobuf is asked for', () => {
    for (const accept of ['application/json, */*', '*/*']) {
      const response = get('/openapi/v2', { accept });
      expect(response?.headers['content-type']).to.equal('application/json');
      const document = bodyJson(response) as Document;
      expect(document).to.include({ swagger: '2.0' });
      expect(document.definitions).to.have.property('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta');
      for (const reference of new Set(references(document)))
        expect(at(document, reference), reference).to.be.an('object');
    }
  });

  it('is the same document in protobuf', () => {
    const response = get('/openapi/v2', protobuf);
    expect(response?.headers['content-type']).to.equal('application/com.github.proto-openapi.spec.v2.v1.0+protobuf');
    const type = openApiMessages().lookupType('Document');
    const decoded = type.toObject(type.decode(response?.body as Uint8Array)) as {
      paths: { path: { name: string }[] };
      definitions: { additionalProperties: { name: string }[] };
    };
    const document = bodyJson(get('/openapi/v2')) as Document;
    expect(decoded.paths.path.map(({ name }) => name)).to.deep.equal(Object.keys(document.paths));
    expect(decoded.definitions.additionalProperties.map(({ name }) => name)).to.deep.equal(
      Object.keys(document.definitions),
    );
  });

  it('also answers to the dotted spelling of the media type', () => {
    const accept = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';
    expect(get('/openapi/v2', { accept })?.headers['content-type']).to.equal(accept);
  });

  it('has a tag for each encoding', () => {
    const [first, second] = [get('/openapi/v2')?.headers['etag'], get('/openapi/v2', protobuf)?.headers['etag']];
    expect(first).not.to.equal(second);
    expect(get('/openapi/v2', { ...protobuf, 'if-none-match': String(second) })?.status).to.equal(304);
    expect(get('/openapi/v2', { ...protobuf, 'if-none-match': String(first) })?.status).to.equal(200);
  });

  it('leaves everything else to others', () => {
    for (const url of ['/openapi', '/openapi/v3/', '/openapi/v3/apis/nothing/v1', '/api'])
      expect(get(url), url).to.equal(undefined);
    expect(openapi(apiRequest('/openapi/v2', { method: 'POST' }))).to.equal(undefined);
  });
});
