import type { Credential } from '../../port/access-store.ts';
import type { Clock } from '../../port/clock.ts';
import type { TokenVerifier, VerifiedToken } from '../../port/token-verifier.ts';
import { recognise, type RecogniseContext } from './recognise.ts';

const mostRemembered = 10_000;
const longestToken = 16_384;
const shape = /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/;

/** What letting in by tokens needs. */
export interface TokenContext extends RecogniseContext {
  verifier: TokenVerifier;
  clock: Clock;
}

/**
 * Lets in by tokens (JWT). A token that was good is not verified again before it expires: it is remembered by its hash; whose it is,
 * and whether they may still enter, is looked up as for keys.
 */
export class TokenEntrance {
  readonly #context: TokenContext;
  readonly #verified = new Map<string, VerifiedToken>();

  constructor(context: TokenContext) {
    this.#context = context;
  }

  /** Whether something that was sent as a key is a token. Where no issuer is configured, nothing is. */
  isToken(sent: string): boolean {
    return this.#context.verifier.hasIssuers && sent.length <= longestToken && shape.test(sent);
  }

  /** Who comes with a token. Errors: `token-invalid`, `token-unverifiable`, `access-disabled`. */
  async find(token: string, hash: string): Promise<Credential> {
    const verified = await this.#verify(token, hash);
    const { user, role } = await recognise(this.#context, verified);
    return {
      tenantId: user.tenantId,
      id: null,
      familyId: null,
      name: user.name,
      role,
      scopes: ['*'],
      expiresAt: verified.expiresAt,
      user: { id: user.id, name: user.name, role: user.role, isDisabled: false },
      isTenantDisabled: false,
    };
  }

  async #verify(token: string, hash: string): Promise<VerifiedToken> {
    const { verifier, clock } = this.#context;
    const known = this.#verified.get(hash);
    if (known && known.expiresAt > clock.now()) return known;
    const verified = await verifier.verify(token);
    this.#verified.delete(hash);
    if (this.#verified.size >= mostRemembered)
      this.#verified.delete(this.#verified.keys().next().value ?? '');
    this.#verified.set(hash, verified);
    return verified;
  }
}
