// Endpoints: where the pods of a Service can be reached.
import type { Endpoints, EndpointSlice, Pod, Service } from '../../../api/types.gen.ts';
import { deepEqual } from '../../../lib/deep.ts';
import type { ControllerFactory } from '../../context.ts';
import { deleteObject } from '../../delete-object.ts';
import { keyOf, parseKey } from '../../keys.ts';
import { byController, controllerUid } from '../../owners.ts';
import type { Reconcile } from '../../reconciler.ts';
import { endpoints, endpointSlices, pods, services } from '../../resources.ts';
import { itself, mapped, owner } from '../../source.ts';
import { hasSelector, isSelected, managedBy, manager, planEndpoints, planSlices } from './plan.ts';

export const createEndpointsController: ControllerFactory = ({ client, informers }) => {
  const all = informers.of<Service>(services);
  const allPods = informers.of<Pod>(pods);
  const allEndpoints = informers.of<Endpoints>(endpoints);
  const slices = informers.of<EndpointSlice>(endpointSlices);
  slices.addIndex(byController, controllerUid);

  const writeEndpoints = async (wanted: Endpoints) => {
    const { namespace = '', name = '' } = wanted.metadata;
    const live = allEndpoints.get(namespace, name);
    if (!live) await client.create(endpoints, wanted);
    else if (!deepEqual(live.subsets ?? [], wanted.subsets)) {
      await client.update(endpoints, { ...live, subsets: wanted.subsets ?? [] });
    }
  };
  const writeSlices = async (service: Service, wanted: readonly EndpointSlice[]) => {
    const live = slices
      .byIndex(byController, service.metadata.uid ?? '')
      .filter((slice) => slice.metadata.labels?.[managedBy] === manager);
    const named = (name: string | undefined) => live.find((slice) => slice.metadata.name === name);
    const stale = live.filter((slice) => !wanted.some((one) => one.metadata.name === slice.metadata.name));
    await Promise.all([
      ...wanted.map(async (slice) => {
        const known = named(slice.metadata.name);
        if (!known) await client.create(endpointSlices, slice);
        else if (!deepEqual(known.endpoints, slice.endpoints)) {
          await client.update(endpointSlices, { ...known, endpoints: slice.endpoints ?? [] });
        }
      }),
      ...stale.map((slice) => deleteObject(client, endpointSlices, slice)),
    ]);
  };

  const reconcile: Reconcile = async (key) => {
    const { namespace, name } = parseKey(key);
    const service = all.get(namespace, name);
    if (!service || service.metadata.deletionTimestamp !== undefined || !hasSelector(service)) return undefined;
    const selected = allPods.list(namespace).filter((pod) => isSelected(service, pod));
    await writeEndpoints(planEndpoints(service, selected));
    await writeSlices(service, planSlices(service, selected));
    return undefined;
  };

  const servicesOf = (pod: Pod) => all.list(pod.metadata.namespace).filter((service) => isSelected(service, pod));
  return {
    name: 'endpoints',
    sources: [
      itself(all),
      mapped(allPods, (pod) => servicesOf(pod).map(keyOf)),
      owner(allEndpoints, 'Service'),
      owner(slices, 'Service'),
    ],
    reconcile,
  };
};
