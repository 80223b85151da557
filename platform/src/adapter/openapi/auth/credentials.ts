import { BatutaError } from '@batuta/contract';
import type { ConsentService } from '../../../port/consent-service.ts';
import type { Credential, OauthCredential } from '../api-settings.ts';
import type { Operation, SecurityScheme } from '../document/operation.ts';
import { percentEncode } from '../request/encode-value.ts';
import { RequestFault } from '../request/request-fault.ts';
import { joinCredentials, noCredentials, type AppliedCredentials } from './applied-credentials.ts';
import { basic, fetchToken, type PostForm } from './fetch-token.ts';
import { secretNames, valueOf, type ReadSecret } from './secret-value.ts';
import type { TokenStore } from './token-store.ts';

/** A configured credential and the scheme of the document that it is for. */
export interface ReadyCredential {
  name: string;
  credential: Credential;
  /** Null: the document does not know it; it is sent with every call. */
  scheme: SecurityScheme | null;
}

/** What credentials are applied with, for one call. */
export interface CredentialContext {
  api: string;
  tenantId: string;
  /** In whose name it is called; null: of a key that belongs to nobody. */
  userId: string | null;
  /** Where people consent; null: nowhere. */
  consents: ConsentService | null;
  secret: ReadSecret;
  tokens: TokenStore;
  post: PostForm;
  now: () => number;
}

/** The credentials of an operation: of the first alternative that is configured, and those that the document does not know. */
export function credentialsFor(
  operation: Operation,
  configured: ReadonlyMap<string, ReadyCredential>,
): ReadyCredential[] {
  const always = [...configured.values()].filter(({ scheme }) => scheme === null);
  const alternative = operation.security
    .filter((names) => names.every((name) => configured.has(name)))
    .toSorted((a, b) => Number(a.length === 0) - Number(b.length === 0))[0];
  const chosen = (alternative ?? []).flatMap((name) => configured.get(name) ?? []);
  return [...new Set([...chosen, ...always])];
}

/** Names of the secrets that credentials need. */
export function secretsOf(credentials: readonly ReadyCredential[]): string[] {
  return secretNames(
    credentials.flatMap(({ credential }) => {
      if (credential.type === 'api_key') return [credential.key];
      if (credential.type === 'bearer') return [credential.token];
      if (credential.type === 'basic') return [credential.username, credential.password];
      // What people consent to is looked after elsewhere, with the secrets that it needs.
      if (credential.flow === 'authorization_code') return [];
      return [credential.client_id, credential.client_secret];
    }),
  );
}

/** Makes credentials ready for one call. Throws `RequestFault`, and what `secret` throws. */
export async function applyCredentials(
  credentials: readonly ReadyCredential[],
  context: CredentialContext,
): Promise<AppliedCredentials> {
  return joinCredentials(await Promise.all(credentials.map((each) => applyOne(each, context))));
}

async function applyOne(
  { name, credential, scheme }: ReadyCredential,
  context: CredentialContext,
): Promise<AppliedCredentials> {
  const { secret } = context;
  switch (credential.type) {
    case 'api_key':
      return keyCredentials(
        keyPlace({ credential, scheme }) ?? defaultPlace,
        await valueOf(credential.key, secret),
      );
    case 'bearer':
      return bearer(await valueOf(credential.token, secret));
    case 'basic': {
      const password = await valueOf(credential.password, secret);
      const header = basic(await valueOf(credential.username, secret), password);
      return {
        ...noCredentials,
        headers: { authorization: header },
        secrets: [header.slice('Basic '.length), password],
      };
    }
    case 'oauth2':
      return credential.flow === 'authorization_code'
        ? userToken(context)
        : clientToken({ name, credential, scheme }, context);
  }
}

function bearer(token: string): AppliedCredentials {
  return { ...noCredentials, headers: { authorization: `Bearer ${token}` }, secrets: [token] };
}

const defaultPlace = { in: 'header', name: 'x-api-key' } as const;

/** Where a key is sent; null for other credentials. */
export function keyPlace({ credential, scheme }: Pick<ReadyCredential, 'credential' | 'scheme'>): {
  in: 'header' | 'query' | 'cookie';
  name: string;
} | null {
  if (credential.type !== 'api_key') return null;
  const told = scheme?.type === 'api-key' ? scheme : defaultPlace;
  return { in: credential.in ?? told.in, name: credential.name ?? told.name };
}

function keyCredentials(
  { in: place, name }: NonNullable<ReturnType<typeof keyPlace>>,
  key: string,
): AppliedCredentials {
  const pair = `${percentEncode(name)}=${percentEncode(key)}`;
  const secrets = [key, percentEncode(key)];
  if (place === 'query') return { ...noCredentials, query: [pair], secrets };
  if (place === 'cookie') return { ...noCredentials, cookies: [pair], secrets };
  return { ...noCredentials, headers: { [name.toLowerCase()]: key }, secrets };
}

/** Whether credentials are those of a person, who must have consented. */
export function needConsent(credentials: readonly ReadyCredential[]): boolean {
  return credentials.some(
    ({ credential }) => credential.type === 'oauth2' && credential.flow === 'authorization_code',
  );
}

/** OAuth 2 in the name of a person: the token of what was granted, renewed when it ends or is refused. */
async function userToken({
  api,
  tenantId,
  userId,
  consents,
}: CredentialContext): Promise<AppliedCredentials> {
  const owner = { tenantId, userId };
  const token = await consents?.token(owner);
  if (!consents || token === undefined) throw consentNeeded(api, 'nobody has given it');
  const renew = async () => {
    if (await consents.refused(owner, token)) return true;
    throw consentNeeded(api, 'what was granted is not valid any more');
  };
  return { ...bearer(token), renew };
}

/** The next call asks the person, and its run waits. */
function consentNeeded(api: string, why: string): BatutaError {
  const reason = `${why}; call it again to be asked for it`;
  return new BatutaError('authorization-needed', { server: `openapi:${api}`, reason });
}

/** OAuth 2 for the platform itself: one token for each tenant, fetched once for all calls that need it, again when it is refused. */
async function clientToken(
  { name, credential, scheme }: { name: string; credential: OauthCredential; scheme: SecurityScheme | null },
  context: CredentialContext,
): Promise<AppliedCredentials> {
  const { tokens, secret } = context;
  const tokenUrl = URL.parse(
    credential.token_url ?? (scheme?.type === 'oauth2' ? (scheme.tokenUrl ?? '') : ''),
  );
  if (!tokenUrl)
    throw new RequestFault(`openapi.apis.${context.api}.auth.${name}.token_url is missing in batuta.yaml`);
  const clientId = await valueOf(credential.client_id, secret);
  const clientSecret =
    credential.client_secret === undefined ? null : await valueOf(credential.client_secret, secret);
  const key = JSON.stringify([context.tenantId, context.api, name, clientId, clientSecret]);
  const scope = (credential.scopes ?? []).join(' ');
  const token = await tokens.get(key, () =>
    fetchToken(
      {
        tokenUrl,
        clientId,
        clientSecret,
        authentication: credential.client_authentication,
        form: {
          grant_type: 'client_credentials',
          ...(scope === '' ? {} : { scope }),
          ...(credential.audience === undefined ? {} : { audience: credential.audience }),
        },
      },
      context,
    ),
  );
  const secrets = [token.value, ...(clientSecret === null ? [] : [clientSecret])];
  const renew = () => {
    tokens.forget(key, token.value);
    return Promise.resolve(true);
  };
  return { ...bearer(token.value), secrets, renew };
}
