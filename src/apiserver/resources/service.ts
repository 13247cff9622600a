// What is special about services: each gets an address of its own out of a range, and keeps it.
import type { ApiObject } from '../../api/object.ts';
import { invalid } from '../../api/status-error.ts';
import type { StatusCause } from '../../api/status-error.ts';
import type { Service, ServiceSpec } from '../../api/types.gen.ts';
import { duplicate, immutable, invalidValue, required } from '../causes.ts';
import { withSpec } from '../json-path.ts';
import type { AddressPool } from './service-addresses.ts';
import type { Strategy, WriteContext } from '../strategy.ts';

const specOf = (object: ApiObject): ServiceSpec => (object as unknown as Service).spec ?? {};

export function createServiceStrategy(pool: AddressPool): Strategy {
  return {
    defaults: withPortDefaults,
    prepareForUpdate: keepAddress,
    validate: (object) => checkService(specOf(object)),
    validateUpdate: (next, live) => checkAddressKept(specOf(next), specOf(live)),
    warnings: (object) => serviceWarnings(specOf(object)),
    admit: (next, _live, context) => withAddress(pool, next, context),
    createOnUpdate: true,
  };
}

function withPortDefaults(object: ApiObject): ApiObject {
  const spec = specOf(object);
  if (spec.type === 'ExternalName') return object;
  return withSpec(object, {
    internalTrafficPolicy: spec.internalTrafficPolicy ?? 'Cluster',
    ...(spec.type === 'ClusterIP' ? {} : { externalTrafficPolicy: spec.externalTrafficPolicy ?? 'Cluster' }),
    ...(spec.ports === undefined
      ? {}
      : { ports: spec.ports.map((port) => ({ ...port, targetPort: port.targetPort ?? port.port })) }),
  });
}

/** Whoever leaves the address out does not mean to give it up. */
function keepAddress(next: ApiObject, live: ApiObject): ApiObject {
  const [spec, before] = [specOf(next), specOf(live)];
  if (spec.type === 'ExternalName' || before.clusterIP === undefined) return next;
  const { clusterIPs, ipFamilies, ipFamilyPolicy } = before;
  if (spec.clusterIP !== undefined && spec.clusterIP !== '') {
    return spec.clusterIP === before.clusterIP ? withSpec(next, { clusterIPs, ipFamilies, ipFamilyPolicy }) : next;
  }
  return withSpec(next, { clusterIP: before.clusterIP, clusterIPs, ipFamilies, ipFamilyPolicy });
}

function withAddress(pool: AddressPool, object: ApiObject, context: WriteContext): ApiObject {
  const { type, clusterIP } = specOf(object);
  if (type === 'ExternalName') return object;
  const families = { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' };
  if (clusterIP === 'None') return withSpec(object, { clusterIPs: ['None'], ...families });
  const { namespace = '', name = '' } = object.metadata;
  const problem = pool.claim(context.draft, clusterIP, { namespace, name });
  if ('address' in problem) {
    return withSpec(object, { clusterIP: problem.address, clusterIPs: [problem.address], ...families });
  }
  throw invalid({ group: '', kind: 'Service' }, name, [
    invalidValue('spec.clusterIPs', clusterIP === undefined ? [] : [clusterIP], problem.reason),
  ]);
}

function checkService(spec: ServiceSpec): readonly StatusCause[] {
  const ports = spec.ports ?? [];
  const isHeadless = spec.clusterIP === 'None';
  if (spec.type === 'ExternalName') {
    return (spec.externalName ?? '') === '' ? [required('spec.externalName')] : [];
  }
  return [
    ...(ports.length === 0 && !isHeadless ? [required('spec.ports')] : []),
    ...(isHeadless && spec.type !== 'ClusterIP'
      ? [invalidValue('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${spec.type ?? ''} services`)]
      : []),
    ...checkPorts(ports),
  ];
}

function checkPorts(ports: NonNullable<ServiceSpec['ports']>): readonly StatusCause[] {
  const names = new Set<string>();
  const numbers = new Set<string>();
  return ports.flatMap(({ name = '', port, protocol = 'TCP' }, index) => {
    const path = `spec.ports[${index}]`;
    const number = `${port}/${protocol}`;
    const causes = [
      ...(name === '' && ports.length > 1 ? [required(`${path}.name`)] : []),
      ...(name !== '' && names.has(name) ? [duplicate(`${path}.name`, name)] : []),
      ...(numbers.has(number) ? [duplicate(path, number)] : []),
    ];
    names.add(name);
    numbers.add(number);
    return causes;
  });
}

function checkAddressKept(next: ServiceSpec, live: ServiceSpec): readonly StatusCause[] {
  const changesType = next.type === 'ExternalName' || live.type === 'ExternalName';
  if (changesType || live.clusterIP === undefined || next.clusterIP === live.clusterIP) return [];
  return [immutable('spec.clusterIPs[0]', [next.clusterIP])];
}

function serviceWarnings(spec: ServiceSpec): readonly string[] {
  const why = 'is stored but not enforced';
  return [
    ...(spec.selector === undefined || spec.type === 'ExternalName' ? [] : [addressWarning(spec.clusterIP)]),
    ...(spec.type === 'LoadBalancer' || spec.type === 'NodePort'
      ? [`spec.type: ${spec.type} ${why}: no port is opened on nodes`]
      : []),
    ...(spec.sessionAffinity === 'ClientIP' ? [`spec.sessionAffinity ${why}: connections are not pinned`] : []),
    ...(spec.externalTrafficPolicy === 'Local' ? [`spec.externalTrafficPolicy ${why}`] : []),
  ];
}

/** Endpoints are kept up to date; what leads connections to them is not there. */
function addressWarning(clusterIP: string | undefined): string {
  const instead = 'connect to the addresses in its EndpointSlices';
  return clusterIP === 'None'
    ? `spec.clusterIP: None is stored but not enforced: no DNS name is served; ${instead}`
    : `spec.clusterIP is stored but not enforced: nothing listens at ${clusterIP ?? 'it'}; ${instead}`;
}
