// Which addresses of the services' range are taken. Built from the stored services at the first use, then kept.
import type { Draft } from '../../store/store.ts';

export interface Owner {
  readonly namespace: string;
  readonly name: string;
}

export interface AddressPool {
  /**
   * Takes `wanted`, or any free address, for a service. What is noted here is only a hint, checked against the draft:
   * a transaction that is rolled back leaves nothing taken.
   */
  claim(
    draft: Draft,
    wanted: string | undefined,
    owner: Owner,
  ): { readonly address: string } | { readonly reason: string };
}

/** @param range IPv4 in CIDR notation; the first and the last address are not given out */
export function createAddressPool(range: string): AddressPool {
  const { first, count } = parseRange(range);
  let owners: Map<string, Owner> | undefined;
  let next = 1;

  const isFree = (draft: Draft, taken: Map<string, Owner>, address: string, owner: Owner): boolean => {
    const holder = taken.get(address);
    if (holder === undefined || (holder.namespace === owner.namespace && holder.name === owner.name)) return true;
    const stored = draft.get({ resource: 'services', ...holder });
    return stored?.fields['spec.clusterIP'] !== address;
  };

  const anyFree = (draft: Draft, taken: Map<string, Owner>, owner: Owner): string | undefined => {
    for (let tried = 0; tried < count - 2; tried++) {
      const address = formatAddress(first + next);
      next = (next % (count - 2)) + 1;
      if (isFree(draft, taken, address, owner)) return address;
    }
    return undefined;
  };

  return {
    claim(draft, wanted, owner) {
      owners ??= takenAddresses(draft);
      if (wanted !== undefined && wanted !== '') {
        const offset = (parseAddress(wanted) ?? -1) - first;
        if (offset < 1 || offset > count - 2) {
          return { reason: `failed to allocate IP ${wanted}: the provided IP is not in the valid range ${range}` };
        }
        if (!isFree(draft, owners, wanted, owner)) {
          return { reason: `failed to allocate IP ${wanted}: provided IP is already allocated` };
        }
      }
      const address = wanted === undefined || wanted === '' ? anyFree(draft, owners, owner) : wanted;
      if (address === undefined) return { reason: `the range ${range} is full` };
      owners.set(address, owner);
      return { address };
    },
  };
}

function takenAddresses(draft: Draft): Map<string, Owner> {
  const taken = new Map<string, Owner>();
  for (const { key, fields } of draft.list({ resource: 'services' })) {
    const address = fields['spec.clusterIP'] ?? '';
    if (address !== '' && address !== 'None') taken.set(address, { namespace: key.namespace, name: key.name });
  }
  return taken;
}

function parseRange(range: string): { first: number; count: number } {
  const [address = '', bits = ''] = range.split('/');
  const base = parseAddress(address);
  const length = Number(bits);
  if (base === undefined || !(length >= 8 && length <= 30)) {
    throw new Error(`the range of service addresses must be IPv4 such as 10.96.0.0/12, found "${range}"`);
  }
  const count = 2 ** (32 - length);
  return { first: Math.floor(base / count) * count, count };
}

function parseAddress(text: string): number | undefined {
  const parts = text.split('.').map(Number);
  const isAddress = parts.length === 4 && parts.every((part) => Number.isInteger(part) && part >= 0 && part < 256);
  return isAddress ? parts.reduce((sum, part) => sum * 256 + part, 0) : undefined;
}

function formatAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}
