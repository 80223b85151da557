import type { ConsentService } from '../../port/consent-service.ts';
import type { AuthorizationRequest, GrantOwner, GrantRecord } from '../../port/grant-store.ts';
import type { NeededAuthorization } from '../../port/tool.ts';
import { secretsInGrant } from './kept-grant.ts';

/** Makes the consents of a service with their first use: what they need is large, and many projects have none. */
export class LazyConsents implements ConsentService {
  readonly service: string;
  readonly secretsIn = secretsInGrant;
  readonly #make: () => Promise<ConsentService>;
  #made: Promise<ConsentService> | undefined;

  constructor(service: string, make: () => Promise<ConsentService>) {
    this.service = service;
    this.#make = make;
  }

  async needed(owner: GrantOwner): Promise<NeededAuthorization | null> {
    return await (await this.#consents()).needed(owner);
  }

  async token(owner: GrantOwner): Promise<string | undefined> {
    return await (await this.#consents()).token(owner);
  }

  async refused(owner: GrantOwner, token: string | undefined): Promise<boolean> {
    return await (await this.#consents()).refused(owner, token);
  }

  async widen(owner: GrantOwner, scope: string): Promise<void> {
    await (await this.#consents()).widen(owner, scope);
  }

  async finish(
    request: AuthorizationRequest,
    returned: URLSearchParams,
  ): ReturnType<ConsentService['finish']> {
    return await (await this.#consents()).finish(request, returned);
  }

  async withdraw(grant: GrantRecord): Promise<void> {
    await (await this.#consents()).withdraw(grant);
  }

  async #consents(): Promise<ConsentService> {
    this.#made ??= this.#make();
    return await this.#made;
  }
}
