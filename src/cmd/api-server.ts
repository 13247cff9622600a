// Wires the API server: schemas, store, handlers, and everything that is no resource.
import { randomInt, randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { createValidator } from '../api/create-validator.ts';
import { kinds } from '../api/kinds.ts';
import type { Handler } from '../api/request.ts';
import type { FixedHandler, PodLogSource } from '../apiserver/dependencies.ts';
import { createTokenAuthenticator } from '../apiserver/authentication.ts';
import { createDiscovery } from '../apiserver/discovery.ts';
import { createOpenApi } from '../apiserver/openapi/create-openapi.ts';
import { readSchemas } from '../apiserver/read-schemas.ts';
import { createApiHandler } from '../apiserver/server.ts';
import { createHealth, createVersion, type HealthCheck } from '../apiserver/version.ts';
import type { Validator } from '../api/validation.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { packagePath } from '../lib/package-root.ts';
import { productVersion } from '../lib/product.ts';
import { decodeKubernetesProtobuf } from '../rpc/kubernetes-protobuf.ts';
import type { Store } from '../store/store.ts';

export interface ApiServerOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly adminToken: string;
  readonly podLogs: PodLogSource;
  /** Host and port where clients reach the API. */
  readonly serverAddress: string;
  /** What `/readyz` asks. */
  readonly ready: readonly HealthCheck[];
  /** `/tepui/v1/…` */
  readonly routes: FixedHandler;
  /**
   * Once it resolves, the schemas of all kinds are compiled, one at a time: a server that begins to lead has other things to do
   * then. Undefined: each on first use.
   */
  readonly warmUp: Promise<unknown> | undefined;
}

/** Kubernetes' alphabet for generated names: no vowels, nothing that reads as a word. */
const suffixAlphabet = 'bcdfghjklmnpqrstvwxz2456789';

const ids = {
  uid: () => randomUUID(),
  nameSuffix: () => Array.from({ length: 5 }, () => suffixAlphabet[randomInt(suffixAlphabet.length)]).join(''),
};

/** Who holds the admin token may do everything, as `system:masters` may in Kubernetes. */
const admin = { username: 'tepui-admin', groups: ['system:masters'] };

export async function createApiServer(options: ApiServerOptions): Promise<Handler> {
  const definitions = await readSchemas(packagePath('schemas'));
  const { store, clock, log, podLogs } = options;
  const validator = createValidator(definitions);
  void options.warmUp?.then(() => compileAll(validator));
  return createApiHandler({
    ...{ store, clock, log, podLogs, definitions, ids, validator },
    decodeProtobuf: decodeKubernetesProtobuf,
    authenticate: createTokenAuthenticator([{ token: options.adminToken, user: admin }]),
    fixed: [
      createDiscovery({ kinds, serverAddress: options.serverAddress }),
      createOpenApi({ definitions, kinds, version: productVersion }),
      createVersion({
        version: productVersion,
        platform: `${process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`,
        runtime: `node ${process.version}`,
      }),
      createHealth({ live: [], ready: options.ready }),
      options.routes,
    ],
  });
}

async function compileAll(validator: Validator): Promise<void> {
  for (const { schema } of kinds) {
    validator.validate(schema, {});
    await setImmediate();
  }
}
