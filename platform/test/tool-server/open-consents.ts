import { createHash } from 'node:crypto';
import type { FreshDatabase } from '@batuta/testkit/database';
import { systemClock } from '../../src/adapter/clock-system/system-clock.ts';
import { makeDiscovery } from '../../src/adapter/mcp-client/discover-service.ts';
import { OauthConsents } from '../../src/adapter/oauth-client/oauth-consents.ts';
import type { OauthOptions } from '../../src/adapter/oauth-client/oauth-options.ts';
import { makePinnedFetch } from '../../src/adapter/pinned-http/pinned-fetch.ts';
import { clientMetadata } from '../../src/domain/authorization/client-metadata.ts';
import type { AuditEntry } from '../../src/port/audit-log.ts';
import type { Clock } from '../../src/port/clock.ts';
import type { ConsentService } from '../../src/port/consent-service.ts';
import { grantSecretName, type GrantOwner } from '../../src/port/grant-store.ts';
import type { SecretSealer } from '../../src/port/secret-store.ts';
import { KeptLog } from './kept-log.ts';
import type { ProtectedServer } from './protected-server.ts';

export const callback = 'http://localhost:3000/authorizations/callback';

interface ConsentParts extends Partial<Pick<OauthOptions, 'client' | 'clientMetadataUrl'>> {
  stores: Pick<FreshDatabase, 'grants'>;
  vault: SecretSealer;
  clock?: Clock;
  trusted?: string[];
}

/** The consents of one process at a server. */
export function openConsents({ url }: Pick<ProtectedServer, 'url'>, parts: ConsentParts): OauthConsents {
  const { clock = systemClock, trusted = [url.host], client, clientMetadataUrl } = parts;
  const fetch = makePinnedFetch({ trusted, mostBytes: 100_000, timeoutMs: 5_000 });
  return new OauthConsents({
    service: 'mcp:tickets',
    store: parts.stores.grants,
    sealer: parts.vault,
    clock,
    log: new KeptLog(),
    fetch,
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    redirectUrl: callback,
    clientMetadata: clientMetadata(callback),
    clientMetadataUrl,
    client,
    scope: undefined,
    discover: makeDiscovery({ server: 'tickets', url, fetch }),
  });
}

/** Follows a link as a browser would: what it comes back with. */
export async function followLink(url: string): Promise<URLSearchParams> {
  const answer = await fetch(url, { redirect: 'manual' });
  return new URL(answer.headers.get('location') ?? '').searchParams;
}

const audit: AuditEntry = {
  action: 'authorization-granted',
  actor: 'test',
  actorKind: 'system',
  target: null,
  outcome: 'succeeded',
  address: null,
  before: null,
  after: null,
};

/** Consents as a person would, without the platform's page. */
export async function consent(
  consents: ConsentService,
  { stores, vault }: { stores: Pick<FreshDatabase, 'grants'>; vault: SecretSealer },
  owner: GrantOwner,
): Promise<void> {
  const needed = await consents.needed(owner);
  const returned = await followLink(needed?.url ?? '');
  const hash = createHash('sha256')
    .update(returned.get('state') ?? '')
    .digest('base64url');
  const request = await stores.grants.take(owner.tenantId, hash);
  if (!request) throw new RangeError('nothing was asked for');
  const { value, ...grant } = await consents.finish(request, returned);
  const id = `grt_${String(Date.now()).padStart(26, '0')}`;
  const sealed = await vault.seal({ tenantId: owner.tenantId, name: grantSecretName(id) }, value);
  await stores.grants.put({ ...grant, id, sealed }, audit);
}
