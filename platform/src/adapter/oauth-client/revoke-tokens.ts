import type { FetchLike } from '@modelcontextprotocol/client';
import type { KeptGrant } from './kept-grant.ts';

/** Tells the authorisation server that the tokens of a grant are not used any more (RFC 7009), where it has a place for that. */
export async function revokeTokens(grant: KeptGrant, fetch: FetchLike): Promise<void> {
  const endpoint = grant.metadata?.['revocation_endpoint'];
  if (typeof endpoint !== 'string') return;
  const token = grant.refreshToken ?? grant.accessToken;
  const hint = grant.refreshToken === undefined ? 'access_token' : 'refresh_token';
  const { client_id: id, client_secret: secret } = grant.client;
  const body = new URLSearchParams({ token, token_type_hint: hint, client_id: id });
  const headers: Record<string, string> = { 'content-type': 'application/x-www-form-urlencoded' };
  if (secret !== undefined)
    headers['authorization'] =
      `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`;
  await fetch(endpoint, { method: 'POST', headers, body });
}
