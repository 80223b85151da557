import { BatutaError } from '@batuta/contract';
import { registerClient, type AuthorizationServerMetadata } from '@modelcontextprotocol/client';
import { clientSecretName } from '../../port/grant-store.ts';
import { readClient, secretsInClient, type KeptClient } from './kept-grant.ts';
import type { DiscoveredService, OauthOptions } from './oauth-options.ts';

/**
 * What the platform is called at an authorisation server: as people have registered it, by the address of its metadata where the server takes
 * that, or as it registers itself, once for each tenant. Errors: `authorization-failed`.
 */
export async function findClient(
  options: OauthOptions,
  found: DiscoveredService,
  tenantId: string,
): Promise<KeptClient> {
  const { client, clientMetadataUrl, service, store, sealer } = options;
  if (client) {
    const secret = await client.clientSecret?.(tenantId);
    return { client_id: client.clientId, ...(secret === undefined ? {} : { client_secret: secret }) };
  }
  const { metadata } = found;
  if (clientMetadataUrl !== undefined && metadata?.client_id_metadata_document_supported === true)
    return { client_id: clientMetadataUrl };
  const issuer = metadata?.issuer ?? found.authorizationServerUrl;
  const known = await store.client(tenantId, service, issuer);
  if (known) return readClient(await sealer.unseal(tenantId, known, secretsInClient));
  const made = await register(options, found);
  const value = JSON.stringify(made);
  const name = clientSecretName(service, issuer);
  const sealed = await sealer.seal({ tenantId, name }, value, secretsInClient);
  await store.putClient({ tenantId, service, issuer }, sealed);
  return readClient(value);
}

async function register(options: OauthOptions, found: DiscoveredService): Promise<KeptClient> {
  const { service, fetch } = options;
  const { metadata, authorizationServerUrl, scope } = found;
  if (metadata !== undefined && metadata.registration_endpoint === undefined) {
    const reason = `${service} lets no client register itself; register one there and set its client_id`;
    throw new BatutaError('authorization-failed', { reason });
  }
  const wanted = options.scope ?? scope;
  return await registerClient(authorizationServerUrl, {
    clientMetadata: { ...options.clientMetadata, token_endpoint_auth_method: methodOf(metadata) },
    fetchFn: fetch,
    ...(metadata ? { metadata } : {}),
    ...(wanted === undefined ? {} : { scope: wanted }),
  });
}

/** A public client where that is possible: then there is no secret to keep. */
function methodOf(metadata: AuthorizationServerMetadata | undefined): string {
  const methods = metadata?.token_endpoint_auth_methods_supported ?? [];
  const known = ['none', 'client_secret_basic', 'client_secret_post'];
  return known.find((method) => methods.includes(method)) ?? 'none';
}
