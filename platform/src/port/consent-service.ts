import type { AuthorizationRequest, GrantOwner, GrantRecord, NewGrant } from './grant-store.ts';
import type { SecretsIn } from './secret-store.ts';
import type { NeededAuthorization } from './tool.ts';

/** A service elsewhere at which people let the platform act for them (OAuth 2.1, authorisation code). */
export interface ConsentService {
  /** As the project names it: `mcp:tickets`. */
  readonly service: string;
  /** What of a grant's value must not be shown to anybody. */
  readonly secretsIn: SecretsIn;
  /** Where the owner must consent first; null when that was done. Contract: never rejects; what cannot be found out shows at the use. */
  needed(owner: GrantOwner): Promise<NeededAuthorization | null>;
  /** A token that is good, renewed if it must be; undefined where nothing was granted. Errors: `tool-server-unavailable`. */
  token(owner: GrantOwner): Promise<string | undefined>;
  /** The service has refused a token. True: there is another one now; false: the owner must consent anew. */
  refused(owner: GrantOwner, token: string | undefined): Promise<boolean>;
  /** The service wants more than was granted: the owner is asked for it, with what was granted before. */
  widen(owner: GrantOwner, scope: string): Promise<void>;
  /** Makes a grant of what the browser brought back for a request. Errors: `authorization-failed`. */
  finish(
    request: AuthorizationRequest,
    returned: URLSearchParams,
  ): Promise<Omit<NewGrant, 'id' | 'sealed'> & { value: string }>;
  /** Tells the service that a grant is not used any more, where it can be told. Contract: never rejects. */
  withdraw(grant: GrantRecord): Promise<void>;
}
