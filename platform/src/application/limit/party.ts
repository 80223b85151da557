import { addressBlock } from './address-block.ts';

/** Who uses something: the tenant, and the user, the key and the address that they come from where there are any. An identity is one, and who asked for a run. */
export interface Party {
  tenantId: string;
  userId: string | null;
  keyId: string | null;
  address?: string | null;
}

/** The owners of the limits that hold for a party, by subject. */
export function ownersOf({ tenantId, userId, keyId, address = null }: Party) {
  return [
    { subject: 'tenant', owner: tenantId },
    ...(userId === null ? [] : [{ subject: 'user', owner: userId } as const]),
    ...(keyId === null ? [] : [{ subject: 'key', owner: keyId } as const]),
    ...(address === null ? [] : [{ subject: 'address', owner: addressBlock(address) } as const]),
  ] as const;
}
