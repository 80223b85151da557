import { clientMetadata } from '../domain/authorization/client-metadata.ts';
import { randomBytes } from 'node:crypto';
import { systemClock } from '../adapter/clock-system/system-clock.ts';
import { LazyConsents } from '../adapter/oauth-client/lazy-consents.ts';
import { makePinnedFetch } from '../adapter/pinned-http/pinned-fetch.ts';
import type { ApiDeclaration } from '../domain/openapi/api-declaration.ts';
import type { ConsentService } from '../port/consent-service.ts';
import { callbackPath, clientOf, publicAddress, type ConsentParts } from './make-consents.ts';

/** The consents of people to calls of an API in their name; undefined where it takes none. */
export function makeApiConsents(
  name: string,
  { auth = {} }: ApiDeclaration,
  parts: ConsentParts,
): ConsentService | undefined {
  const declared = Object.values(auth).find(
    (credential) => credential.type === 'oauth2' && credential.flow === 'authorization_code',
  );
  if (declared?.type !== 'oauth2') return undefined;
  const { authorization_url: authorizationUrl = '', token_url: tokenUrl = '' } = declared;
  const { configuration, grants, secrets, log } = parts;
  const trusted = configuration.openapi.allowPrivate;
  const scope = declared.scopes?.join(' ');
  const options = {
    service: `openapi:${name}`,
    store: grants,
    sealer: secrets,
    clock: systemClock,
    log,
    fetch: makePinnedFetch({ trusted, mostBytes: 1_000_000, timeoutMs: 20_000 }),
    randomBytes: (count: number) => randomBytes(count),
    redirectUrl: `${publicAddress(configuration)}${callbackPath}`,
    clientMetadata: clientMetadata(`${publicAddress(configuration)}${callbackPath}`),
    clientMetadataUrl: undefined,
    client: clientOf(declared, secrets),
    scope,
  };
  const method = declared.client_authentication === 'body' ? 'client_secret_post' : 'client_secret_basic';
  const metadata = {
    issuer: new URL(tokenUrl).origin,
    authorization_endpoint: authorizationUrl,
    token_endpoint: tokenUrl,
    response_types_supported: ['code'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: [declared.client_secret === undefined ? 'none' : method],
  };
  const found = { authorizationServerUrl: metadata.issuer, metadata, resource: undefined, scope };
  return new LazyConsents(options.service, async () => {
    const { OauthConsents } = await import('../adapter/oauth-client/oauth-consents.ts');
    return new OauthConsents({ ...options, discover: () => Promise.resolve(found) });
  });
}
