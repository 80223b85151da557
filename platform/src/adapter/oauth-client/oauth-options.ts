import type {
  AuthorizationServerMetadata,
  FetchLike,
  OAuthClientMetadata,
} from '@modelcontextprotocol/client';
import type { Clock } from '../../port/clock.ts';
import type { GrantStore } from '../../port/grant-store.ts';
import type { Log } from '../../port/log.ts';
import type { SecretSealer } from '../../port/secret-store.ts';

/** Where people consent for a service, as it was found or written down. */
export interface DiscoveredService {
  authorizationServerUrl: string;
  metadata: AuthorizationServerMetadata | undefined;
  /** What tokens are asked for (RFC 8707). */
  resource: string | undefined;
  scope: string | undefined;
}

/** A client that people have registered. */
export interface ConfiguredClient {
  clientId: string;
  /** Read when it is needed: it may be a secret of the tenant. */
  clientSecret: ((tenantId: string) => Promise<string>) | undefined;
}

export interface OauthOptions {
  service: string;
  store: GrantStore;
  sealer: SecretSealer;
  clock: Clock;
  log: Log;
  fetch: FetchLike;
  randomBytes: (count: number) => Uint8Array;
  /** Where browsers are sent back to. */
  redirectUrl: string;
  /** What the platform says about itself where it registers. */
  clientMetadata: OAuthClientMetadata;
  /** Address of a document about this client, for servers that take one as its name; it must begin with https. */
  clientMetadataUrl: string | undefined;
  client: ConfiguredClient | undefined;
  /** Scopes to ask for, whatever the service says. */
  scope: string | undefined;
  /** Errors: `tool-server-unavailable`. */
  discover: () => Promise<DiscoveredService>;
}
