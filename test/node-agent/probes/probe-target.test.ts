// Asking containers for real: HTTP and TCP on loopback, commands through the containerizer.
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { ask } from '../../../src/node-agent/probes/probe-target.ts';
import type { ProbeAction } from '../../../src/node-agent/probes/probe-target.ts';
import { testContainer } from '../../support/pods.ts';

describe('asking a container', () => {
  let server: Server;
  let port: number;
  before(async () => {
    server = createServer((request, response) => {
      if (request.url === '/silent') return;
      const redirects: Record<string, string> = {
        '/moved': '/fine',
        '/away': 'http://example.invalid/',
        '/loop': '/loop',
      };
      const location = redirects[request.url ?? ''];
      const fine = request.url === '/fine' || request.headers['x-key'] === 'open';
      response.writeHead(location ? 302 : fine ? 204 : 500, location ? { location } : {});
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const put = (action: ProbeAction, timeoutMs = 2_000) => {
    const container = testContainer('web', { ports: [{ name: 'http', containerPort: port }] });
    const key = { podUid: 'u', container: 'web', attempt: 0 };
    const exec = (_key: unknown, command: readonly string[]) =>
      command[0] === 'hang'
        ? Promise.reject(new Error('it took too long'))
        : Promise.resolve({ exitCode: Number(command[0]), output: 'said so\n' });
    return ask({ exec }, { key, container, podIp: '127.0.0.1' }, action, timeoutMs);
  };

  it('by HTTP: 2xx and 3xx pass, redirects to the same host are followed', async () => {
    expect(await put({ httpGet: { port, path: '/fine' } })).to.deep.equal({ passed: true, message: '' });
    expect(await put({ httpGet: { port: 'http', path: 'fine' } })).to.include({ passed: true });
    expect(await put({ httpGet: { port: 'http', path: '/moved' } })).to.include({ passed: true });
    expect(await put({ httpGet: { port: 'http', path: '/away' } })).to.include({ passed: true });
    expect((await put({ httpGet: { port: 'http', path: '/loop' } })).message).to.contain('redirects');
    expect((await put({ httpGet: { port, path: '/' } })).message).to.contain('500');
    const httpHeaders = [{ name: 'X-Key', value: 'open' }];
    expect(await put({ httpGet: { port, path: '/', httpHeaders } })).to.include({ passed: true });
  });

  it('fails when nobody answers, in time or at all', async () => {
    expect((await put({ httpGet: { port, path: '/silent' } }, 50)).message).to.contain('in time');
    expect(await put({ tcpSocket: { port: 1 } })).to.include({ passed: false });
    expect((await put({ httpGet: { port: 'grpc' } })).message).to.contain('no port named grpc; it has: http');
  });

  it('by TCP', async () => {
    expect(await put({ tcpSocket: { port: 'http' } })).to.include({ passed: true });
  });

  it('by command', async () => {
    expect(await put({ exec: { command: ['0'] } })).to.include({ passed: true });
    expect(await put({ exec: { command: ['3'] } })).to.deep.equal({ passed: false, message: 'exit code 3: said so' });
    expect(await put({ exec: { command: ['hang'] } })).to.deep.equal({ passed: false, message: 'it took too long' });
    expect(await put({})).to.include({ passed: false });
  });
});
