// The gateway's wire over real TLS: who is let in, what passes, how calls end.
import { expect } from 'chai';
import { systemClock } from '../../src/lib/clock.ts';
import { createAsyncQueue } from '../../src/lib/async-queue.ts';
import type { AgentMessage, ServerMessage } from '../../src/rpc/agent-protocol.ts';
import { dialAgentGateway } from '../../src/rpc/agent-gateway-channel.ts';
import { serveAgentGateway } from '../../src/rpc/agent-gateway-server.ts';
import type { AgentGatewayHandlers } from '../../src/rpc/agent-gateway-server.ts';
import { dialAgentStreams } from '../../src/rpc/agent-streams-channel.ts';
import { serveAgentStreams } from '../../src/rpc/agent-streams-server.ts';
import { serverCommonName } from '../../src/rpc/identities.ts';
import type { ListeningServer } from '../../src/rpc/grpc-server.ts';
import type { TlsIdentity } from '../../src/rpc/tls-credentials.ts';
import { StatusError } from '../../src/api/status-error.ts';
import { testAuthority, testClientIdentity, testServerIdentity } from '../support/authority.ts';
import { rejection } from '../support/rejection.ts';

const join = { token: 't', node_name: 'n', certificate_request: Buffer.from('csr') };
const never = new AbortController().signal;

async function drain<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

describe('agent gateway wire', () => {
  let server: ListeningServer | undefined;
  let authority: string;

  before(async () => {
    authority = (await testAuthority()).certificate;
  });
  afterEach(() => server?.close());

  const refuse: AgentGatewayHandlers = {
    join: () => Promise.reject(new StatusError('Unauthorized', 'the join token is wrong')),
    async *session() {},
    maySend: () => true,
  };

  async function start(handlers: Partial<AgentGatewayHandlers>): Promise<string> {
    const identity = await testServerIdentity();
    const options = { host: '127.0.0.1', port: 0, authority, identity };
    server = await serveAgentGateway(options, { ...refuse, ...handlers }, systemClock);
    return `127.0.0.1:${server.port}`;
  }

  async function openSession(address: string, identity: TlsIdentity | undefined): Promise<ServerMessage[]> {
    const channel = dialAgentGateway(address, authority, identity);
    try {
      return await drain(channel.session(createAsyncQueue<AgentMessage>(), never));
    } finally {
      channel.close();
    }
  }

  it('joins without a certificate and tells a renewing node by its certificate', async () => {
    const seen: (string | undefined)[] = [];
    const address = await start({
      join(request, renewing) {
        seen.push(renewing);
        return Promise.resolve({ certificate: request.certificate_request, ca_certificate: Buffer.from('ca') });
      },
    });
    for (const identity of [undefined, await testClientIdentity('system:node:n')]) {
      const channel = dialAgentGateway(address, authority, identity);
      expect((await channel.join(join, never)).certificate.toString()).to.equal('csr');
      channel.close();
    }
    expect(seen).to.deep.equal([undefined, 'n']);
  });

  it('carries the reason of a refused join', async () => {
    const channel = dialAgentGateway(await start({}), authority, undefined);
    const error = await rejection(channel.join(join, never));
    expect(error).to.include({ reason: 'Unauthorized', message: 'the join token is wrong' });
    channel.close();
  });

  it('opens sessions in the name of the certificate only', async () => {
    const names: string[] = [];
    const address = await start({
      async *session({ nodeName }) {
        names.push(nodeName);
        yield { ack: { uuid: await Promise.resolve('1') } };
      },
    });
    expect(await openSession(address, await testClientIdentity('system:node:a'))).to.deep.equal([
      { ack: { uuid: '1' } },
    ]);
    const stranger = await rejection(openSession(address, await testClientIdentity('someone')));
    expect(stranger).to.include({ reason: 'Forbidden' });
    expect((stranger as Error).message).to.contain('someone');
    expect(await rejection(openSession(address, undefined))).to.include({ reason: 'Unauthorized' });
    expect(names).to.deep.equal(['a']);
  });

  it('refuses an expired certificate', async () => {
    const expired = await testClientIdentity('system:node:a', -1 / 86_400 / 10);
    const error = await rejection(openSession(await start({}), expired));
    expect(error).to.include({ reason: 'Unauthorized' });
  });

  it('refuses a server that is not one, even with a certificate of the authority', async () => {
    const identity = await testClientIdentity('system:node:evil');
    server = await serveAgentGateway({ host: '127.0.0.1', port: 0, authority, identity }, refuse, systemClock);
    const channel = dialAgentGateway(`127.0.0.1:${server.port}`, authority, undefined);
    expect(await rejection(channel.join(join, never))).to.include({ reason: 'ServiceUnavailable' });
    channel.close();
  });

  it('writes nothing that may not be sent, asked message by message, and ends the session', async () => {
    let allowed = 2;
    const address = await start({
      async *session() {
        for (let count = 1; ; count += 1) yield { ack: { uuid: await Promise.resolve(String(count)) } };
      },
      maySend() {
        allowed -= 1;
        return allowed >= 0;
      },
    });
    const channel = dialAgentGateway(address, authority, await testClientIdentity('system:node:a'));
    const got: (string | undefined)[] = [];
    const read = async () => {
      for await (const { ack } of channel.session(createAsyncQueue<AgentMessage>(), never)) got.push(ack?.uuid);
    };
    expect(await rejection(read())).to.include({ reason: 'ServiceUnavailable' });
    expect(got).to.deep.equal(['1', '2']);
    channel.close();
  });

  it('cuts a session in the middle of what it has to say', async () => {
    let ended = false;
    const address = await start({
      async *session(wire) {
        try {
          for (let count = 0; ; count += 1) {
            if (count === 100) setImmediate(() => wire.cut('over'));
            yield { ack: { uuid: await Promise.resolve(`${String(count)} ${'x'.repeat(100_000)}`) } };
          }
        } finally {
          ended = true;
        }
      },
    });
    const channel = dialAgentGateway(address, authority, await testClientIdentity('system:node:a'));
    const read = async () => {
      for await (const message of channel.session(createAsyncQueue<AgentMessage>(), never)) expect(message).to.be.ok;
    };
    expect(await rejection(read())).to.include({ reason: 'ServiceUnavailable', message: 'over' });
    expect(ended).to.equal(true);
    channel.close();
  });

  it('stops reading from a server side that does not take', async () => {
    let taken = 0;
    const address = await start({
      async *session({ incoming, signal }) {
        for await (const message of incoming) {
          expect(message.pod_status?.uuid).to.equal('0');
          yield { ack: { uuid: 'got one' } };
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
        }
      },
    });
    async function* flood(): AsyncGenerator<AgentMessage> {
      const status = Buffer.alloc(1024 * 1024);
      for (; taken < 10_000; taken += 1) {
        await new Promise((resolve) => setImmediate(resolve));
        yield { pod_status: { uuid: String(taken), namespace: '', name: '', uid: '', status } };
      }
    }
    const channel = dialAgentGateway(address, authority, await testClientIdentity('system:node:a'));
    const stop = new AbortController();
    for await (const message of channel.session(flood(), stop.signal)) {
      expect(message.ack?.uuid).to.equal('got one');
      stop.abort();
    }
    expect(taken).to.be.lessThan(100);
    channel.close();
  });

  it('serves logs to a server and to nobody else', async () => {
    const identity = await testClientIdentity('system:node:a');
    const streams = await serveAgentStreams(
      { host: '127.0.0.1', port: 0, authority, identity },
      {
        async *readLog(request) {
          yield { data: await Promise.resolve(Buffer.from(request.container)) };
        },
      },
      systemClock,
    );
    const request = {
      namespace: 'ns',
      pod_name: 'p',
      pod_uid: 'u',
      container: 'c',
      follow: false,
      previous: false,
      timestamps: false,
    };
    const read = async (caller: TlsIdentity, nodeName: string) => {
      const channel = dialAgentStreams(`127.0.0.1:${streams.port}`, nodeName, authority, caller);
      try {
        return (await drain(channel.readLog(request, never))).map((chunk) => Buffer.from(chunk.data).toString());
      } finally {
        channel.close();
      }
    };
    try {
      expect(await read(await testClientIdentity(serverCommonName), 'a')).to.deep.equal(['c']);
      expect(await rejection(read(await testClientIdentity('system:node:b'), 'a'))).to.include({ reason: 'Forbidden' });
      const wrongNode = await rejection(read(await testClientIdentity(serverCommonName), 'b'));
      expect(wrongNode).to.include({ reason: 'ServiceUnavailable' });
    } finally {
      streams.close();
    }
  });
});
