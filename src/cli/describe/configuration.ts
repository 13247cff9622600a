// The inside of config maps and secrets; of a secret only names and sizes.
import type { ApiObject } from '../../api/object.ts';
import type { ConfigMap, Secret } from '../../api/types.gen.ts';
import type { Description } from './context.ts';
import { block, table } from './text.ts';

export function describeSecret(object: ApiObject): Description {
  const { type, data = {} } = object as Secret;
  const rows = Object.entries(data).map(([key, value]) => [key, `${String(byteLength(value))} bytes`]);
  return { facts: [['Type', type]], blocks: [table('Data', ['KEY', 'SIZE'], rows)] };
}

export function describeConfigMap(object: ApiObject): Description {
  const { data = {}, binaryData = {} } = object as ConfigMap;
  const rows = Object.entries(binaryData).map(([key, value]) => [key, `${String(byteLength(value))} bytes`]);
  return {
    facts: [],
    blocks: [
      ...Object.entries(data).map(([key, value]) => block(key, value.trimEnd())),
      ...(rows.length > 0 ? [table('Binary data', ['KEY', 'SIZE'], rows)] : []),
    ],
  };
}

/** Of base64. */
const byteLength = (text: string): number => Math.floor((text.replace(/=+$/, '').length * 3) / 4);
