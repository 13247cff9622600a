// Gives every namespace its service account `default` and the cluster's certificate authority.
import type { ConfigMap, Namespace, ServiceAccount } from '../../../api/types.gen.ts';
import type { ApiObject } from '../../../api/object.ts';
import type { ControllerFactory } from '../../context.ts';
import { parseKey } from '../../keys.ts';
import type { Reconcile } from '../../reconciler.ts';
import { configMaps, namespaces, serviceAccounts } from '../../resources.ts';
import { itself, mapped } from '../../source.ts';
import { defaultServiceAccount, rootCaConfigMap, rootCaName } from './plan.ts';

export const createNamespaceDefaultsController: ControllerFactory = ({ client, informers, clusterCa }) => {
  const all = informers.of<Namespace>(namespaces);
  const accounts = informers.of<ServiceAccount>(serviceAccounts);
  const maps = informers.of<ConfigMap>(configMaps);

  const reconcile: Reconcile = async (key) => {
    const { name } = parseKey(key);
    const namespace = all.get('', name);
    if (!namespace || namespace.metadata.deletionTimestamp !== undefined) return undefined;
    if (!accounts.get(name, 'default')) await client.create(serviceAccounts, defaultServiceAccount(name));
    const map = maps.get(name, rootCaName);
    const wanted = rootCaConfigMap(name, clusterCa);
    if (!map) await client.create(configMaps, wanted);
    else if (map.data?.['ca.crt'] !== clusterCa) await client.update(configMaps, { ...map, data: wanted.data ?? {} });
    return undefined;
  };

  const namespaceOf = (name: string) => (object: ApiObject) =>
    object.metadata.name === name ? [`/${object.metadata.namespace ?? ''}`] : [];
  return {
    name: 'namespace-defaults',
    sources: [itself(all), mapped(accounts, namespaceOf('default')), mapped(maps, namespaceOf(rootCaName))],
    reconcile,
  };
};
