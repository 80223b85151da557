import { randomBytes } from 'node:crypto';
import { systemClock } from '../adapter/clock-system/system-clock.ts';
import type { HttpPlace } from '../adapter/mcp-client/server-options.ts';
import { LazyConsents } from '../adapter/oauth-client/lazy-consents.ts';
import type { OauthOptions } from '../adapter/oauth-client/oauth-options.ts';
import { makePinnedFetch } from '../adapter/pinned-http/pinned-fetch.ts';
import { clientMetadata } from '../domain/authorization/client-metadata.ts';
import type { DeclaredServer } from '../domain/configuration/mcp-settings.ts';
import type { Configuration } from '../domain/configuration/settings.ts';
import type { ConsentService } from '../port/consent-service.ts';
import type { GrantStore } from '../port/grant-store.ts';
import type { Log } from '../port/log.ts';
import type { SecretReader, SecretSealer } from '../port/secret-store.ts';
import { secretNameOf } from '@batuta/contract';

/** What consents need of the platform. */
export interface ConsentParts {
  configuration: Configuration;
  grants: GrantStore;
  secrets: SecretReader & SecretSealer;
  log: Log;
}

/** Where the services send browsers back to. */
export const callbackPath = '/authorizations/callback';

/** Where a document says what this client is. */
const clientDocumentPath = '/authorizations/client.json';

/** The consents of people at a tool server; undefined where it has none. */
export function makeConsents(
  { name, place, declared }: { name: string; place: HttpPlace; declared: DeclaredServer },
  parts: ConsentParts,
): ConsentService | undefined {
  if (declared.oauth === undefined) return undefined;
  const oauth = declared.oauth === true ? {} : declared.oauth;
  const { url } = place;
  const trusted = [url.hostname, url.host];
  const fetch = makePinnedFetch({ trusted, mostBytes: 1_000_000, timeoutMs: 20_000 });
  const base = publicAddress(parts.configuration);
  const isPublic = base.startsWith('https://');
  const options = {
    service: `mcp:${name}`,
    store: parts.grants,
    sealer: parts.secrets,
    clock: systemClock,
    log: parts.log,
    fetch,
    randomBytes: (count: number) => randomBytes(count),
    redirectUrl: `${base}${callbackPath}`,
    clientMetadata: clientMetadata(`${base}${callbackPath}`),
    clientMetadataUrl: isPublic ? `${base}${clientDocumentPath}` : undefined,
    client: clientOf(oauth, parts.secrets),
    scope: oauth.scopes?.join(' '),
  };
  return new LazyConsents(options.service, async () => {
    const { OauthConsents } = await import('../adapter/oauth-client/oauth-consents.ts');
    const { makeDiscovery } = await import('../adapter/mcp-client/discover-service.ts');
    const discover = makeDiscovery({ server: name, url, fetch });
    return new OauthConsents({ ...options, discover });
  });
}

/** The address at which browsers reach this server. */
export function publicAddress({ server }: Configuration): string {
  return (server.publicUrl ?? `http://localhost:${server.port}`).replace(/\/+$/, '');
}

/** What is written down of a client. */
interface Oauth {
  client_id?: string | undefined;
  client_secret?: string | undefined;
}

/** A client that people have registered; its secret may be one of the tenant. */
export function clientOf(
  { client_id: clientId, client_secret: secret }: Oauth,
  secrets: SecretReader,
): OauthOptions['client'] {
  if (clientId === undefined) return undefined;
  if (secret === undefined) return { clientId, clientSecret: undefined };
  const name = secretNameOf(secret);
  const read = async (tenantId: string) =>
    name === undefined ? secret : await secrets.value(tenantId, name);
  return { clientId, clientSecret: read };
}
