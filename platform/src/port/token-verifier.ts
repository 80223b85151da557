import type { JsonObject } from '@batuta/contract';

/** A token whose signature, issuer, audience and times are good. */
export interface VerifiedToken {
  issuer: string;
  subject: string;
  /** Milliseconds since the epoch. */
  expiresAt: number;
  claims: JsonObject & { sub: string };
}

/** Verifies tokens (JWT) of the configured issuers. */
export interface TokenVerifier {
  /** Whether any issuer is configured. */
  readonly hasIssuers: boolean;
  /**
   * Verifies a token. `audience` takes the place of the configured one. Errors: `token-invalid`, and `token-unverifiable` when the
   * issuer's keys cannot be had.
   */
  verify(token: string, options?: { audience?: string }): Promise<VerifiedToken>;
}
