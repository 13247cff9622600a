// A Secret as people may see it in passing: which values there are and how long, not what they say.
import type { ApiObject } from '../../api/object.ts';

/** kubectl keeps the whole manifest there, values included. */
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

export function maskSecret(object: ApiObject): ApiObject {
  const { annotations } = object.metadata;
  const values = ['data', 'stringData'].filter((field) => field in object);
  const masked = { ...object, ...Object.fromEntries(values.map((field) => [field, maskValues(object[field])])) };
  if (annotations?.[lastApplied] === undefined) return masked;
  return { ...masked, metadata: { ...object.metadata, annotations: { ...annotations, [lastApplied]: mask } } };
}

const mask = '<masked; see it with --secrets>';

function maskValues(values: unknown): unknown {
  if (typeof values !== 'object' || values === null) return mask;
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, maskValue(value)]));
}

const maskValue = (value: unknown) =>
  `<${String(Buffer.from(String(value), 'base64').length)} bytes; see them with --secrets>`;
