import type {
  AuthorizationRequest,
  GrantOwner,
  GrantRecord,
  GrantStore,
} from '../../src/port/grant-store.ts';
import type { SealedSecret, SecretSealer } from '../../src/port/secret-store.ts';

/** Consents in memory, of one process and for a moment. */
export function memoryGrants(): GrantStore {
  const grants = new Map<string, GrantRecord>();
  const requests: AuthorizationRequest[] = [];
  const clients = new Map<string, SealedSecret>();
  const keyOf = ({ tenantId, userId }: GrantOwner, service: string) =>
    JSON.stringify([tenantId, userId, service]);
  const all = () => [...grants.values()];
  const take = (hash: string) => {
    const index = requests.findIndex((request) => request.hash === hash);
    return index < 0 ? undefined : requests.splice(index, 1)[0];
  };
  return {
    get: async (owner, service) => grants.get(keyOf(owner, service)),
    put: async (grant) => {
      const stored = { ...grant, version: 1, createdAt: 0, updatedAt: 0 };
      grants.set(keyOf(grant, grant.service), stored);
      return stored;
    },
    claimRenewal: async () => true,
    renewed: async ({ id }, renewal) => {
      const grant = all().find((each) => each.id === id);
      if (grant)
        grants.set(keyOf(grant, grant.service), { ...grant, ...renewal, version: grant.version + 1 });
      return grant !== undefined;
    },
    releaseRenewal: async () => undefined,
    list: async () => all(),
    any: async (_, service) => all().find((grant) => grant.service === service),
    find: async (_, id) => all().find((grant) => grant.id === id),
    delete: async ({ id }) => {
      const grant = all().find((each) => each.id === id);
      return grant !== undefined && grants.delete(keyOf(grant, grant.service));
    },
    ask: async (request) => void requests.push(request),
    asked: async () => requests.at(-1),
    peek: async (_, hash) => requests.find((request) => request.hash === hash),
    take: async (_, hash) => take(hash),
    client: async (_, __, issuer) => clients.get(issuer),
    putClient: async ({ issuer }, sealed) => {
      if (sealed) clients.set(issuer, sealed);
      else clients.delete(issuer);
    },
  };
}

/** Keeps values as they are. */
export const plainSealer: SecretSealer = {
  seal: async ({ name }, value) => ({
    name,
    keyId: 'none',
    nonce: new Uint8Array(),
    ciphertext: new TextEncoder().encode(value),
  }),
  unseal: async (_, { ciphertext }) => new TextDecoder().decode(ciphertext),
};
