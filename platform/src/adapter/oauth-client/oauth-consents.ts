import { BatutaError } from '@batuta/contract';
import { computeScopeUnion, exchangeAuthorization, type OAuthTokens } from '@modelcontextprotocol/client';
import type { ConsentService } from '../../port/consent-service.ts';
import {
  grantSecretName,
  type AuthorizationRequest,
  type GrantOwner,
  type GrantRecord,
} from '../../port/grant-store.ts';
import type { NeededAuthorization } from '../../port/tool.ts';
import { consentAddress } from './ask-consent.ts';
import { readGrant, readRequest, secretsInGrant, secretsInRequest, type KeptGrant } from './kept-grant.ts';
import type { OauthOptions } from './oauth-options.ts';
import { TokenRenewal } from './renew-token.ts';
import { revokeTokens } from './revoke-tokens.ts';

/** How long a token is used without asking the store whether it was withdrawn or renewed by another process. */
const knownForMs = 10_000;

interface KnownToken {
  token: string;
  until: number;
}

const mostKnown = 1_000;

/** The consents of people at one service, by OAuth 2.1. */
export class OauthConsents implements ConsentService {
  readonly service: string;
  readonly secretsIn = secretsInGrant;
  readonly #options: OauthOptions;
  readonly #renewal: TokenRenewal;
  readonly #known = new Map<string, KnownToken>();

  constructor(options: OauthOptions) {
    this.service = options.service;
    this.#options = options;
    this.#renewal = new TokenRenewal(options);
  }

  async needed(owner: GrantOwner): Promise<NeededAuthorization | null> {
    const { log } = this.#options;
    try {
      const wanted = await this.#missing(owner);
      if (wanted === null) return null;
      return { server: this.service, url: await consentAddress(this.#options, owner, wanted || undefined) };
    } catch (error) {
      // The call itself will say what is wrong.
      log.warn('consent cannot be asked for', { server: this.service, error });
      return null;
    }
  }

  async token(owner: GrantOwner): Promise<string | undefined> {
    const key = keyOf(owner);
    const known = this.#known.get(key);
    if (known && known.until > this.#options.clock.now()) return known.token;
    const grant = await this.#options.store.get(owner, this.service);
    const token = grant && (await this.#renewal.token(grant));
    this.#remember(key, token);
    return token;
  }

  async refused(owner: GrantOwner, token: string | undefined): Promise<boolean> {
    this.#known.delete(keyOf(owner));
    const grant = await this.#options.store.get(owner, this.service);
    if (!grant) return false;
    const renewed = await this.#renewal.renew(grant, token);
    this.#remember(keyOf(owner), renewed);
    return renewed !== undefined;
  }

  async widen(owner: GrantOwner, scope: string): Promise<void> {
    const { store, sealer } = this.#options;
    const grant = await store.get(owner, this.service);
    if (!grant) return;
    const kept = await this.#open(grant);
    const wanted = computeScopeUnion(grant.scopes.join(' '), kept.wanted, scope);
    const value = JSON.stringify({ ...kept, ...(wanted === undefined ? {} : { wanted }) });
    const place = { tenantId: owner.tenantId, name: grantSecretName(grant.id) };
    const sealed = await sealer.seal(place, value, secretsInGrant);
    await store.renewed(grant, { sealed, expiresAt: grant.expiresAt, scopes: grant.scopes });
  }

  async finish(
    { tenantId, userId, service, sealed }: AuthorizationRequest,
    returned: URLSearchParams,
  ): ReturnType<ConsentService['finish']> {
    const kept = readRequest(await this.#options.sealer.unseal(tenantId, sealed, secretsInRequest));
    const tokens = await this.#exchange(kept, returned);
    const { client, resource, authorizationServerUrl, metadata } = kept;
    const value: KeptGrant = {
      client,
      resource,
      authorizationServerUrl,
      metadata,
      accessToken: tokens.access_token,
      refreshToken: tokens.refresh_token,
    };
    const scopes = (tokens.scope ?? kept.scope ?? '').split(' ').filter((scope) => scope !== '');
    this.#known.delete(keyOf({ tenantId, userId }));
    const expiresAt = expiryOf(tokens, this.#options.clock.now());
    return { tenantId, userId, service, scopes, expiresAt, value: JSON.stringify(value) };
  }

  async withdraw(grant: GrantRecord): Promise<void> {
    this.#known.delete(keyOf(grant));
    try {
      await revokeTokens(await this.#open(grant), this.#options.fetch);
    } catch (error) {
      this.#options.log.info('a service could not be told that its consent is withdrawn', {
        server: this.service,
        error,
      });
    }
  }

  /** Null: nothing; a text: scopes that must be asked for, empty for the usual ones. */
  async #missing(owner: GrantOwner): Promise<string | null> {
    const grant = await this.#options.store.get(owner, this.service);
    if (!grant) return '';
    const { wanted } = await this.#open(grant);
    if (wanted !== undefined) return wanted;
    return (await this.token(owner)) === undefined ? '' : null;
  }

  async #exchange(kept: ReturnType<typeof readRequest>, returned: URLSearchParams): Promise<OAuthTokens> {
    const code = returned.get('code');
    const iss = returned.get('iss');
    const refusal = returned.get('error_description') ?? returned.get('error');
    if (code === null) throw failed(refusal ?? 'the service sent no code');
    const { metadata, resource, client, codeVerifier, redirectUrl } = kept;
    return await exchangeAuthorization(kept.authorizationServerUrl, {
      clientInformation: client,
      authorizationCode: code,
      codeVerifier,
      redirectUri: redirectUrl,
      fetchFn: this.#options.fetch,
      ...(iss === null ? {} : { iss }),
      ...(metadata ? { metadata } : {}),
      ...(resource === undefined ? {} : { resource }),
    }).catch((error: unknown) => {
      throw failed(error instanceof Error ? error.message.slice(0, 300) : String(error));
    });
  }

  async #open(grant: GrantRecord): Promise<KeptGrant> {
    return readGrant(await this.#options.sealer.unseal(grant.tenantId, grant.sealed, secretsInGrant));
  }

  #remember(key: string, token: string | undefined): void {
    this.#known.delete(key);
    if (token === undefined) return;
    if (this.#known.size >= mostKnown) this.#known.clear();
    this.#known.set(key, { token, until: this.#options.clock.now() + knownForMs });
  }
}

/** When the token ends; null where the server does not say. */
export function expiryOf({ expires_in: seconds }: OAuthTokens, now: number): number | null {
  return seconds === undefined ? null : now + seconds * 1000;
}

function keyOf({ tenantId, userId }: GrantOwner): string {
  return JSON.stringify([tenantId, userId]);
}

function failed(reason: string): BatutaError<'authorization-failed'> {
  return new BatutaError('authorization-failed', { reason });
}
