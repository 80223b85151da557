import { createHash } from 'node:crypto';
import { startAuthorization } from '@modelcontextprotocol/client';
import { requestSecretName, type GrantOwner } from '../../port/grant-store.ts';
import { findClient } from './find-client.ts';
import { readRequest, secretsInRequest, type KeptRequest } from './kept-grant.ts';
import type { OauthOptions } from './oauth-options.ts';

/** How long a link is good for, and how long it must still be good to be shown again. */
const lifeMs = 24 * 3_600_000;
const leastLeftMs = 3_600_000;

/** Under what the state that a browser brings back is kept: whoever reads the table cannot use it. */
function hashOfState(state: string): string {
  return createHash('sha256').update(state).digest('base64url');
}

/** The address at which the owner consents: the one that was made last, if it is still good and asks for enough, or a new one. */
export async function consentAddress(
  options: OauthOptions,
  owner: GrantOwner,
  wanted: string | undefined,
): Promise<string> {
  const { store, service } = options;
  const asked = await store.asked(owner, service, leastLeftMs);
  if (asked) {
    const text = await options.sealer.unseal(owner.tenantId, asked.sealed, secretsInRequest);
    const kept = readRequest(text);
    if (wanted === undefined || kept.scope === wanted) return kept.url;
  }
  return await ask(options, owner, wanted);
}

async function ask(options: OauthOptions, owner: GrantOwner, wanted: string | undefined): Promise<string> {
  const { tenantId } = owner;
  const found = await options.discover();
  const client = await findClient(options, found, tenantId);
  const scope = withRefresh(wanted ?? options.scope ?? found.scope, found.metadata?.scopes_supported);
  const state = `${tenantId}.${Buffer.from(options.randomBytes(32)).toString('base64url')}`;
  const { metadata, resource, authorizationServerUrl } = found;
  const { redirectUrl } = options;
  const { authorizationUrl, codeVerifier } = await startAuthorization(authorizationServerUrl, {
    clientInformation: client,
    redirectUrl,
    state,
    ...(metadata ? { metadata } : {}),
    ...(scope === undefined ? {} : { scope }),
    ...(resource === undefined ? {} : { resource }),
  });
  const url = authorizationUrl.href;
  await keep(options, owner, {
    state,
    kept: { url, redirectUrl, codeVerifier, client, authorizationServerUrl, metadata, resource, scope },
  });
  return url;
}

async function keep(
  { store, sealer, clock, service }: OauthOptions,
  owner: GrantOwner,
  { state, kept }: { state: string; kept: KeptRequest },
): Promise<void> {
  const hash = hashOfState(state);
  const place = { tenantId: owner.tenantId, name: requestSecretName(hash) };
  const sealed = await sealer.seal(place, JSON.stringify(kept), secretsInRequest);
  await store.ask({ ...owner, hash, service, sealed, expiresAt: clock.now() + lifeMs });
}

/** Servers that know this scope give a token to renew with only to those who ask for it. */
function withRefresh(
  scope: string | undefined,
  supported: readonly string[] | undefined,
): string | undefined {
  if (supported?.includes('offline_access') !== true) return scope;
  const scopes = scope?.split(' ') ?? [];
  return scopes.includes('offline_access') ? scope : [...scopes, 'offline_access'].join(' ');
}
