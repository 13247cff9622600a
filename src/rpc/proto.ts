// Loads proto/agent.proto, once. Field names stay as in the file; 64-bit integers become numbers.
import { loadSync } from '@grpc/proto-loader';
import type { PackageDefinition, ServiceDefinition } from '@grpc/proto-loader';
import { packagePath } from '../lib/package-root.ts';

const packageName = 'tepui.agent.v1';

let loaded: PackageDefinition | undefined;

function definition(): PackageDefinition {
  loaded ??= loadSync(packagePath('proto', 'agent.proto'), {
    keepCase: true,
    longs: Number,
    defaults: true,
    arrays: true,
  });
  return loaded;
}

/** The methods of a service of proto/agent.proto, with their serialisers. */
export function serviceDefinition(name: 'AgentGateway' | 'AgentStreams'): ServiceDefinition {
  return definition()[`${packageName}.${name}`] as ServiceDefinition;
}

/** One method, as grpc-js' generic client wants it. */
export interface Method<Request, Response> {
  readonly path: string;
  readonly serialize: (request: Request) => Buffer;
  readonly deserialize: (bytes: Buffer) => Response;
}

/** The types are the caller's word: test/rpc/agent-protocol.test.ts checks that they agree with the file. */
export function methodOf<Request, Response>(
  service: 'AgentGateway' | 'AgentStreams',
  name: string,
): Method<Request, Response> {
  const method = serviceDefinition(service)[name];
  if (method === undefined) throw new Error(`proto/agent.proto has no method ${service}.${name}`);
  return {
    path: method.path,
    serialize: method.requestSerialize as (request: Request) => Buffer,
    deserialize: method.responseDeserialize as (bytes: Buffer) => Response,
  };
}
