// proto/agent.proto and agent-protocol.ts agree: every message, with every field set, survives the wire.
import { expect } from 'chai';
import type {
  AgentMessage,
  JoinRequest,
  JoinResponse,
  LogChunk,
  LogRequest,
  ServerMessage,
} from '../../src/rpc/agent-protocol.ts';
import { serviceDefinition } from '../../src/rpc/proto.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);

type Direction = 'request' | 'response';

function roundTrip(service: 'AgentGateway' | 'AgentStreams', method: string, direction: Direction, message: object) {
  const definition = serviceDefinition(service)[method]!;
  return direction === 'request'
    ? definition.requestDeserialize(definition.requestSerialize(message))
    : definition.responseDeserialize(definition.responseSerialize(message));
}

const agentMessages: Required<{ [K in keyof AgentMessage]: Required<AgentMessage>[K] }> = {
  register: {
    node_name: 'a',
    node: bytes('{}'),
    streams_address: '127.0.0.1:1',
    known_pod_uids: ['x', 'y'],
    agent_version: '1',
    after_epoch: 2 ** 40,
  },
  heartbeat: {},
  pod_status: { uuid: 'u', namespace: 'ns', name: 'p', uid: 'i', status: bytes('{"phase":"Running"}') },
  pod_terminated: { uuid: 'u', namespace: 'ns', name: 'p', uid: 'i' },
  node_report: { status: bytes('{}') },
  event: {
    namespace: 'ns',
    pod_name: 'p',
    pod_uid: 'i',
    type: 'Warning',
    reason: 'BackOff',
    message: 'm',
    container: 'c',
    uuid: 'u',
  },
};

const serverMessages: Required<{ [K in keyof ServerMessage]: Required<ServerMessage>[K] }> = {
  registered: { heartbeat_interval_ms: 10_000, cluster_id: 'c', epoch: 2 ** 40, gateways: ['a:1', 'b:2'] },
  pods: {
    complete: true,
    pods: [{ pod: bytes('{}') }],
    removed_uids: ['z'],
    references: [{ kind: 'Secret', namespace: 'ns', name: 's', object: bytes('{}') }],
  },
  ack: { uuid: 'u' },
  rejected: { reason: 'why' },
  moved: { gateways: ['b:2', 'a:1'] },
};

describe('agent protocol', () => {
  for (const [name, body] of Object.entries(agentMessages)) {
    it(`carries ${name} from the agent`, () => {
      expect(roundTrip('AgentGateway', 'Session', 'request', { [name]: body })).to.deep.equal({ [name]: body });
    });
  }

  for (const [name, body] of Object.entries(serverMessages)) {
    it(`carries ${name} from the server`, () => {
      expect(roundTrip('AgentGateway', 'Session', 'response', { [name]: body })).to.deep.equal({ [name]: body });
    });
  }

  it('carries a join and its answer', () => {
    const request: JoinRequest = { token: 't', node_name: 'n', certificate_request: bytes('csr') };
    const response: JoinResponse = { certificate: bytes('c'), ca_certificate: bytes('ca') };
    expect(roundTrip('AgentGateway', 'Join', 'request', request)).to.deep.equal(request);
    expect(roundTrip('AgentGateway', 'Join', 'response', response)).to.deep.equal(response);
  });

  it('carries a log request with every option, and keeps zero apart from absent', () => {
    const plain: LogRequest = {
      namespace: 'ns',
      pod_name: 'p',
      pod_uid: 'u',
      container: 'c',
      follow: true,
      previous: true,
      timestamps: true,
    };
    const full: LogRequest = { ...plain, tail_lines: 0, since_time_ms: 1_700_000_000_123, limit_bytes: 10 };
    expect(roundTrip('AgentStreams', 'ReadLog', 'request', plain)).to.deep.equal(plain);
    expect(roundTrip('AgentStreams', 'ReadLog', 'request', full)).to.deep.equal(full);
    const chunk: LogChunk = { data: bytes('line\n') };
    expect(roundTrip('AgentStreams', 'ReadLog', 'response', chunk)).to.deep.equal(chunk);
  });
});
