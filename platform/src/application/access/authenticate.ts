import { BatutaError } from '@batuta/contract';
import type { ApiKeyRecord } from '../../port/access-store.ts';
import { grantedScopes } from '../../domain/identity/granted-scopes.ts';
import type { AccessDependencies } from './access-dependencies.ts';
import type { Identity } from './identity.ts';
import { hashSecret } from './secret.ts';

/** How long a key that was found is trusted without another look: a revoked key works at most this much longer. */
const trustedMs = 5_000;
const mostCached = 10_000;
const longestKey = 256;

interface Trusted {
  identity: Promise<Identity>;
  until: number;
}

/** Who has this key. Errors: `key-missing`, `key-invalid`. */
export type Authenticate = (key: string | undefined) => Promise<Identity>;

/**
 * Makes the one function that turns keys into identities. Requests that come together with the same key share one look-up.
 * Only keys that exist are remembered, so that guessing cannot fill the cache.
 */
export function createAuthenticate({
  store,
  clock,
  platformTenant,
}: Pick<AccessDependencies, 'store' | 'clock' | 'platformTenant'>): Authenticate {
  const cache = new Map<string, Trusted>();

  async function lookUp(hash: string): Promise<Identity> {
    const record = await store.findKey(hash);
    if (record === undefined) throw new BatutaError('key-invalid', {});
    const trusted = cache.get(hash);
    if (trusted !== undefined && record.expiresAt !== null) {
      trusted.until = Math.min(trusted.until, record.expiresAt);
    }
    return toIdentity(record, platformTenant);
  }

  return async (key) => {
    if (key === undefined) throw new BatutaError('key-missing', {});
    if (key === '' || key.length > longestKey) throw new BatutaError('key-invalid', {});
    const hash = hashSecret(key);
    const trusted = cache.get(hash);
    if (trusted !== undefined && trusted.until > clock.now()) return trusted.identity;
    const identity = lookUp(hash);
    remember(cache, hash, { identity, until: clock.now() + trustedMs });
    identity.catch(() => cache.delete(hash));
    return identity;
  };
}

/** The oldest entry makes room: a map keeps the order in which its keys were set. */
function remember(cache: Map<string, Trusted>, hash: string, trusted: Trusted): void {
  cache.delete(hash);
  if (cache.size >= mostCached) cache.delete(cache.keys().next().value ?? '');
  cache.set(hash, trusted);
}

function toIdentity(record: ApiKeyRecord, platformTenant: string): Identity {
  const { tenantId, id, name, role } = record;
  const scopes = grantedScopes(record, platformTenant);
  return { tenantId, keyId: id, userId: null, name, role, scopes, address: null };
}
