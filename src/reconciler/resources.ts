// The kinds that controllers work with.
import type { ResourceRef } from '../client/client.ts';

const core = (plural: string): ResourceRef => ({ group: '', version: 'v1', plural });
const apps = (plural: string): ResourceRef => ({ group: 'apps', version: 'v1', plural });

export const pods = core('pods');
export const nodes = core('nodes');
export const namespaces = core('namespaces');
export const services = core('services');
export const endpoints = core('endpoints');
export const serviceAccounts = core('serviceaccounts');
export const configMaps = core('configmaps');
export const events = core('events');
export const resourceQuotas = core('resourcequotas');
export const deployments = apps('deployments');
export const replicaSets = apps('replicasets');
export const endpointSlices: ResourceRef = { group: 'discovery.k8s.io', version: 'v1', plural: 'endpointslices' };
export const tepuiApps: ResourceRef = { group: 'tepui.dev', version: 'v1', plural: 'apps' };
