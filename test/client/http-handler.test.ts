import { expect } from 'chai';
import { createSecureServer, type Http2SecureServer, type ServerHttp2Stream } from 'node:http2';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createHttpHandler, Unreachable, type HttpHandler } from '../../src/client/http-handler.ts';
import { apiRequest } from '../support/api-request.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';
import { wireTo } from '../support/wire.ts';
import { createTestCertificate, type TestCertificate } from '../support/test-certificate.ts';

const host = '127.0.0.1';
const probe = { everyMs: 1000, deadlineMs: 3000 };

describe('client/http-handler', () => {
  let certificate: TestCertificate;
  let server: Http2SecureServer;
  let sockets: Set<Socket>;
  let clock: FakeClock;
  let handler: HttpHandler;
  let url: string;
  let answer: (stream: ServerHttp2Stream) => void;

  before(async () => {
    certificate = await createTestCertificate();
  });
  beforeEach(async () => {
    clock = createFakeClock();
    sockets = new Set();
    server = createSecureServer({ cert: certificate.certificate, key: certificate.key });
    server.on('connection', (socket: Socket) => sockets.add(socket));
    server.on('stream', (stream) => {
      stream.on('error', () => undefined);
      answer(stream);
    });
    url = await listenOn(server);
    handler = createHttpHandler({ server: url, ca: certificate.certificate, probe: { clock, ...probe } });
  });
  afterEach(async () => {
    handler.close();
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });

  const loss = async (work: Promise<unknown>): Promise<Unreachable> => {
    const error = await work.then(() => undefined).catch((thrown: unknown) => thrown);
    if (!(error instanceof Unreachable)) throw new Error(`expected Unreachable, found ${String(error)}`);
    return error;
  };
  const call = (method = 'GET', body = '') => handler.handle(apiRequest('/x', { method, body: Buffer.from(body) }));

  it('knows that a request did not arrive where nobody listens', async () => {
    await new Promise<void>((resolve) => server.close(() => resolve()));
    const lost = createHttpHandler({ server: url }).handle(
      apiRequest('/x', { method: 'POST', body: Buffer.from('x') }),
    );
    expect((await loss(lost)).mayHaveArrived).to.equal(false);
    await listenOn(server);
  });

  it('knows that a request did not arrive where the handshake has no answer in time', async () => {
    const silent = createServer((socket) => sockets.add(socket));
    const arrived = new Promise<void>((resolve) => silent.once('connection', () => resolve()));
    const server = await listenOn(silent);
    const patient = createHttpHandler({ server, probe: { clock, ...probe } });
    const lost = loss(patient.handle(apiRequest('/x', { method: 'POST', body: Buffer.from('x') })));
    await arrived;
    await clock.advance(3000);
    expect(await lost)
      .to.include({ mayHaveArrived: false })
      .and.property('message')
      .contain('the handshake within 3000');
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => silent.close(() => resolve()));
  });

  it('does not know whether a request arrived that has no answer', async () => {
    answer = (stream) => stream.session?.destroy();
    expect((await loss(call('POST', 'x'))).mayHaveArrived).to.equal(true);
  });

  it('knows that a refused stream was not looked at', async () => {
    answer = (stream) => stream.close(7);
    expect((await loss(call('POST', 'x'))).mayHaveArrived).to.equal(false);
  });

  describe('a body that is cut short', () => {
    /** What becomes of the rest once the first of it was read. */
    const rest = async (then: () => void, signal = new AbortController().signal): Promise<unknown> => {
      const { body } = await handler.handle(apiRequest('/x', { signal }));
      try {
        for await (const chunk of body as AsyncIterable<Uint8Array>) if (chunk.length > 0) then();
        return 'ended';
      } catch (error) {
        return error;
      }
    };
    let begun: ServerHttp2Stream;
    beforeEach(() => {
      answer = (stream) => {
        begun = stream;
        stream.respond({ ':status': 200 });
        stream.write('half');
      };
    });

    const ways: readonly (readonly [string, () => void])[] = [
      ['a reset', () => begun.destroy(new Error('broken off'))],
      ['the end of the session', () => begun.session?.destroy()],
      ['a lost connection', () => sockets.forEach((socket) => socket.destroy())],
      ['the closing of the handler', () => handler.close()],
    ];
    for (const [name, cut] of ways) {
      it(`by ${name} is an error`, async () => {
        expect(await rest(cut)).to.be.instanceOf(Unreachable);
      });
    }

    it('by its caller is an error too, with the reason', async () => {
      const stopping = new AbortController();
      const enough = new Error('enough');
      expect(await rest(() => stopping.abort(enough), stopping.signal)).to.equal(enough);
    });

    it('below the length that was announced is an error', async () => {
      answer = (stream) => {
        stream.respond({ ':status': 200, 'content-length': 10 });
        stream.end('half');
      };
      expect(await rest(() => undefined)).to.be.instanceOf(Unreachable);
    });

    it('is not one that ended', async () => {
      expect(await rest(() => begun.end())).to.equal('ended');
    });
  });

  it('takes a server that does not answer pings for lost', async () => {
    const wire = await wireTo(url);
    const begun = new Promise<void>((resolve) => {
      answer = () => resolve();
    });
    const target = { server: wire.url, ca: certificate.certificate, probe: { clock, ...probe } };
    const lost = loss(createHttpHandler(target).handle(apiRequest('/x')));
    await begun;
    wire.freeze();
    await clock.advance(1000);
    await clock.advance(2999);
    expect(await Promise.race([lost, Promise.resolve('not yet')])).to.equal('not yet');
    await clock.advance(1);
    expect(await lost)
      .to.include({ mayHaveArrived: true })
      .and.property('message')
      .contain('a ping within 3000');
    await wire.close();
  });

  it('goes on with a server that answers pings, and rests between them', async () => {
    let pings = 0;
    server.on('session', (session) => session.on('ping', () => (pings += 1)));
    let finish: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => {
      answer = (stream) => {
        finish = () => {
          stream.respond({ ':status': 200 });
          stream.end();
        };
        resolve();
      };
    });
    const answered = call();
    await begun;
    for (let round = 1; round <= 5; round++) {
      await clock.advance(probe.everyMs);
      await settled(() => pings === round);
    }
    finish();
    expect((await answered).status).to.equal(200);
    expect(pings).to.equal(5);
  });
});

async function settled(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2));
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

async function listenOn(server: Server | Http2SecureServer): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, host, () => resolve()));
  return `https://${host}:${(server.address() as AddressInfo).port}`;
}
