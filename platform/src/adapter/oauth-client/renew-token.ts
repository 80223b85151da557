import { BatutaError } from '@batuta/contract';
import { OAuthError, refreshAuthorization, type OAuthTokens } from '@modelcontextprotocol/client';
import type { AuditEntry } from '../../port/audit-log.ts';
import { grantSecretName, type GrantRecord } from '../../port/grant-store.ts';
import { readGrant, secretsInGrant, type KeptGrant } from './kept-grant.ts';
import type { OauthOptions } from './oauth-options.ts';

/** A token is renewed so long before it ends. */
const marginMs = 60_000;

/** How long one process may take to renew; then another may try. */
const renewalMs = 30_000;

const shortestPollMs = 50;
const longestPollMs = 500;

/** What an authorisation server says when it will not renew the grant, now or later. */
const finalErrors: ReadonlySet<string> = new Set([
  'invalid_grant',
  'invalid_client',
  'unauthorized_client',
  'invalid_scope',
]);

/**
 * Renews tokens, each once, however many calls in however many processes want it at the same time: servers that hand out a token for renewal
 * only once withdraw the whole grant when they see it twice.
 *
 * current -- it ends soon, or was refused --> claimed by one (the others wait for what comes of it)
 * claimed -- renewed --> current, with the next version
 * claimed -- the server refuses --> the grant is removed: the owner must consent anew
 * claimed -- the server cannot be reached --> current; what is left of the token's time is used
 */
export class TokenRenewal {
  readonly #options: OauthOptions;
  readonly #underWay = new Map<string, Promise<string | undefined>>();

  constructor(options: OauthOptions) {
    this.#options = options;
  }

  /** A token that is good; undefined when the owner must consent anew. Errors: `tool-server-unavailable`. */
  async token(grant: GrantRecord): Promise<string | undefined> {
    const { clock } = this.#options;
    if (grant.expiresAt === null || grant.expiresAt - clock.now() > marginMs)
      return (await this.#open(grant)).accessToken;
    return await this.#renewOnce(grant);
  }

  /** Another token than the one that was refused. */
  async renew(grant: GrantRecord, refused: string | undefined): Promise<string | undefined> {
    const { accessToken } = await this.#open(grant);
    return accessToken === refused ? await this.#renewOnce(grant) : accessToken;
  }

  async #renewOnce(grant: GrantRecord): Promise<string | undefined> {
    const key = `${grant.id}:${grant.version}`;
    const underWay = this.#underWay.get(key) ?? this.#claim(grant).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, underWay);
    return await underWay;
  }

  async #claim(grant: GrantRecord): Promise<string | undefined> {
    const { store, clock, service } = this.#options;
    const until = clock.now() + renewalMs * 2;
    for (let pause = shortestPollMs; clock.now() < until; pause = Math.min(pause * 2, longestPollMs)) {
      if (await store.claimRenewal(grant, renewalMs)) return await this.#renew(grant);
      await clock.sleep(pause);
      const now = await store.get(grant, service);
      if (!now) return undefined;
      if (now.version !== grant.version) return (await this.#open(now)).accessToken;
    }
    throw this.#unavailable('its token could not be renewed in time');
  }

  async #renew(grant: GrantRecord): Promise<string | undefined> {
    const { store, clock } = this.#options;
    const kept = await this.#open(grant);
    try {
      const tokens = await this.#refresh(kept);
      return await this.#keep(grant, kept, tokens);
    } catch (error) {
      if (isFinal(error)) {
        await store.delete(grant, lostEntry(grant, error));
        return undefined;
      }
      await store.releaseRenewal(grant);
      if (grant.expiresAt !== null && grant.expiresAt > clock.now()) return kept.accessToken;
      throw this.#unavailable(`its token could not be renewed: ${messageOf(error)}`);
    }
  }

  async #refresh({
    refreshToken,
    client,
    metadata,
    resource,
    authorizationServerUrl,
  }: KeptGrant): Promise<OAuthTokens> {
    if (refreshToken === undefined) throw new OAuthError('invalid_grant', 'there is no token to renew with');
    return await refreshAuthorization(authorizationServerUrl, {
      clientInformation: client,
      refreshToken,
      fetchFn: this.#options.fetch,
      ...(metadata ? { metadata } : {}),
      ...(resource === undefined ? {} : { resource }),
    });
  }

  async #keep(grant: GrantRecord, kept: KeptGrant, tokens: OAuthTokens): Promise<string | undefined> {
    const { store, sealer, clock } = this.#options;
    const { access_token: accessToken, refresh_token: refreshToken = kept.refreshToken } = tokens;
    const value = JSON.stringify({ ...kept, accessToken, refreshToken });
    const place = { tenantId: grant.tenantId, name: grantSecretName(grant.id) };
    const sealed = await sealer.seal(place, value, secretsInGrant);
    const expiresAt = tokens.expires_in === undefined ? null : clock.now() + tokens.expires_in * 1000;
    const scopes = tokens.scope?.split(' ') ?? grant.scopes;
    // False: it was withdrawn meanwhile.
    return (await store.renewed(grant, { sealed, expiresAt, scopes })) ? accessToken : undefined;
  }

  async #open(grant: GrantRecord): Promise<KeptGrant> {
    return readGrant(await this.#options.sealer.unseal(grant.tenantId, grant.sealed, secretsInGrant));
  }

  #unavailable(reason: string): BatutaError {
    return new BatutaError('tool-server-unavailable', { server: this.#options.service, reason });
  }
}

function isFinal(error: unknown): boolean {
  return error instanceof OAuthError && finalErrors.has(error.code);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 300) : String(error);
}

function lostEntry({ id, service, userId }: GrantRecord, error: unknown): AuditEntry {
  return {
    actor: 'system',
    actorKind: 'system',
    actorName: null,
    keyId: null,
    address: null,
    kind: 'security',
    action: 'authorization-lost',
    target: id,
    outcome: 'succeeded',
    reason: messageOf(error),
    before: { service, user_id: userId },
    after: null,
  };
}
