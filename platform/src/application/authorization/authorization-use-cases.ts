import type { AuthorizationPage, BegunAuthorization } from '@batuta/contract';
import type { Identity } from '../access/identity.ts';
import type { PageRequest } from '../application.ts';
import {
  beginAuthorization,
  listAuthorizations,
  revokeAuthorization,
  type AuthorizationContext,
} from './authorizations.ts';
import { clientMetadata } from '../../domain/authorization/client-metadata.ts';
import { askedAuthorization, finishAuthorization, type AskedAuthorization } from './finish-authorization.ts';

/** What doors may do about consents at services elsewhere. */
export interface AuthorizationDoor {
  /** Errors: `cursor-invalid`. */
  list(identity: Identity, page: PageRequest): Promise<AuthorizationPage>;
  /** Errors: `consent-service-unknown`. */
  begin(identity: Identity, service: string): Promise<BegunAuthorization>;
  /** Errors: `authorization-unknown`. */
  revoke(identity: Identity, id: string): Promise<void>;
  /** What a browser that comes back from a service is asked. Errors: `authorization-failed`. */
  asked(state: string): Promise<AskedAuthorization>;
  /** What this platform says it is, as a client whose browsers come back to that address. */
  clientMetadata(redirectUrl: string): object;
  /** Errors: `authorization-failed`, `authorization-not-yours`. */
  finish(returned: URLSearchParams, who: Identity | null): Promise<{ service: string }>;
}

/** The use cases about consents behind the interface of the doors. */
export function authorizationUseCases(context: AuthorizationContext): AuthorizationDoor {
  return {
    list: (identity, page) => listAuthorizations(context, identity, page),
    begin: (identity, service) => beginAuthorization(context, identity, service),
    revoke: (identity, id) => revokeAuthorization(context, identity, id),
    clientMetadata,
    asked: (state) => askedAuthorization(context, state),
    finish: (returned, who) => finishAuthorization(context, returned, who),
  };
}
