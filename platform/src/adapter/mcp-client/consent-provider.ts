import { BatutaError } from '@batuta/contract';
import type { AuthProvider, FetchLike } from '@modelcontextprotocol/client';
import type { ConsentService } from '../../port/consent-service.ts';
import type { GrantOwner } from '../../port/grant-store.ts';

/** What requests in somebody's name are made with. */
export interface ConsentedRequests {
  authProvider: AuthProvider;
  /** Notes which token an answer was given to. */
  fetch: FetchLike;
}

/**
 * Gives requests to a server the token of whoever they are made for. Of many requests that are refused at the same time each names the token that it
 * was sent with: one that was sent with an older token than there is now must not have the new one renewed.
 */
export function makeConsentedRequests(
  consents: ConsentService,
  owner: GrantOwner,
  fetch: FetchLike,
): ConsentedRequests {
  const tokens = new WeakMap<Response, string>();
  return {
    fetch: async (url, init) => {
      const response = await fetch(url, init);
      const token = new Headers(init?.headers).get('authorization')?.replace(/^Bearer /i, '');
      if (token !== undefined && response.status === 401) tokens.set(response, token);
      return response;
    },
    authProvider: {
      token: async () => await consents.token(owner),
      onUnauthorized: async ({ response }) => {
        const refused = tokens.get(response);
        if (await consents.refused(owner, refused)) return;
        const reason =
          refused === undefined ? 'nobody has given it' : 'what was granted is not valid any more';
        throw new BatutaError('authorization-needed', { server: consents.service, reason });
      },
    },
  };
}
