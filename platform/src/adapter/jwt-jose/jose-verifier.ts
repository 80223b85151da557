import { BatutaError, type JsonObject } from '@batuta/contract';
import type { JWTPayload, JWTVerifyGetKey } from 'jose';
import type { Clock } from '../../port/clock.ts';
import type { Log } from '../../port/log.ts';
import type { TokenVerifier, VerifiedToken } from '../../port/token-verifier.ts';
import { IssuerKeys } from './issuer-keys.ts';
import { loadJose, type Jose } from './load-jose.ts';

/** An issuer whose tokens are accepted; how its tokens are signed is fixed here and never taken from a token. */
export interface AcceptedIssuer {
  issuer: string;
  audience: string | readonly string[];
  algorithms: readonly string[];
  /** The secret that its tokens are signed with; absent: it publishes public keys. */
  secret?: string;
}

/** What verifying is made of. */
export interface VerifierParts {
  issuers: readonly AcceptedIssuer[];
  clock: Clock;
  log: Log;
  fetch?: typeof fetch;
}

/** How far clocks may be apart. */
const toleranceSeconds = 30;

interface Known extends AcceptedIssuer {
  getKey: JWTVerifyGetKey;
}

/** Verifies tokens with jose. */
export class JoseVerifier implements TokenVerifier {
  readonly hasIssuers: boolean;
  readonly #issuers: ReadonlyMap<string, Known>;
  readonly #clock: Clock;

  constructor({ issuers, clock, log, fetch = globalThis.fetch }: VerifierParts) {
    this.#clock = clock;
    this.hasIssuers = issuers.length > 0;
    this.#issuers = new Map(
      issuers.map((each) => [each.issuer, { ...each, getKey: keyFinder(each, { clock, log, fetch }) }]),
    );
  }

  async verify(token: string, { audience }: { audience?: string } = {}): Promise<VerifiedToken> {
    const jose = await loadJose();
    const issuer = this.#issuers.get(issuerOf(jose, token));
    if (!issuer) throw invalid('its issuer is not one of auth.issuers');
    const wanted = audience ?? issuer.audience;
    try {
      const { payload } = await jose.jwtVerify(token, issuer.getKey, {
        issuer: issuer.issuer,
        audience: typeof wanted === 'string' ? wanted : [...wanted],
        algorithms: [...issuer.algorithms],
        clockTolerance: toleranceSeconds,
        currentDate: new Date(this.#clock.now()),
        requiredClaims: ['sub', 'exp'],
      });
      return toVerified(payload);
    } catch (error) {
      throw BatutaError.is(error) ? error : invalid(reasonOf(jose, error), error);
    }
  }
}

function keyFinder(
  issuer: AcceptedIssuer,
  parts: { clock: Clock; log: Log; fetch: typeof fetch },
): JWTVerifyGetKey {
  if (issuer.secret === undefined) return new IssuerKeys({ issuer: issuer.issuer, ...parts }).getKey;
  const secret = new TextEncoder().encode(issuer.secret);
  return async () => secret;
}

/** What the token says before anything is known about it: only to find out by whose rules it is to be verified. */
function issuerOf({ decodeJwt }: Jose, token: string): string {
  try {
    return decodeJwt(token).iss ?? '';
  } catch (error) {
    throw invalid('it cannot be read', error);
  }
}

function toVerified(payload: JWTPayload): VerifiedToken {
  const { iss, sub, exp } = payload;
  if (typeof iss !== 'string' || typeof sub !== 'string' || sub === '' || typeof exp !== 'number') {
    throw invalid('it names nobody');
  }
  // jose has read it from JSON.
  return { issuer: iss, subject: sub, expiresAt: exp * 1000, claims: { ...(payload as JsonObject), sub } };
}

function invalid(reason: string, cause?: unknown): BatutaError<'token-invalid'> {
  return new BatutaError('token-invalid', { reason }, { cause });
}

/** Why a token is not accepted, in words that say nothing about keys. */
function reasonOf({ errors }: Jose, error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'it has expired';
  if (error instanceof errors.JWTClaimValidationFailed) return claimReason(error.claim);
  if (error instanceof errors.JOSEAlgNotAllowed)
    return 'it is signed in a way that its issuer is not configured for';
  if (error instanceof errors.JWKSNoMatchingKey) return 'its issuer has no such key';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'its signature is wrong';
  return 'it cannot be read';
}

function claimReason(claim: string): string {
  if (claim === 'aud') return 'it is meant for somebody else';
  if (claim === 'nbf') return 'it is not valid yet';
  return `its "${claim}" is missing or wrong`;
}
