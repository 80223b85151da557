import { BatutaError } from '@batuta/contract';
import { JoseVerifier } from '../adapter/jwt-jose/jose-verifier.ts';
import { OidcLogin } from '../adapter/login-oidc/oidc-login.ts';
import type { SessionLimits } from '../application/access/access-dependencies.ts';
import type { Configuration } from '../domain/configuration/settings.ts';
import { usesSecret, type Issuer } from '../domain/identity/issuer.ts';
import type { Clock } from '../port/clock.ts';
import type { Log } from '../port/log.ts';
import type { LoginProvider } from '../port/login-provider.ts';
import type { TokenVerifier } from '../port/token-verifier.ts';

/** Whose tokens are accepted, and where people sign in. */
export interface SignInParts {
  issuers: readonly Issuer[];
  verifier: TokenVerifier;
  login: LoginProvider | null;
  /** Name of this platform at the identity provider. */
  clientId: string | undefined;
}

const hourMs = 60 * 60_000;

/** How long browsers stay signed in, from the configuration. */
export function sessionLimits({ auth }: Configuration): SessionLimits {
  return { idleMs: auth.sessionIdleHours * hourMs, longestMs: auth.sessionDays * 24 * hourMs };
}

/** Puts together what signs people in. Errors: `configuration-invalid`. */
export function signInParts({ auth }: Configuration, parts: { clock: Clock; log: Log }): SignInParts {
  const { issuers, jwtSecret, clientId } = auth;
  const accepted = issuers.map((each) => {
    if (!usesSecret(each)) return each;
    if (jwtSecret === undefined)
      throw invalid('auth.jwt_secret', `is needed for ${each.issuer}, whose tokens are signed with HS256`);
    return { ...each, secret: jwtSecret };
  });
  const verifier = new JoseVerifier({ issuers: accepted, ...parts });
  return { issuers, verifier, login: loginOf(auth, parts.log), clientId };
}

/** Issuers at which a client can ask for a token: those with public keys. */
export function issuersToAsk({ auth }: Configuration): string[] {
  return auth.issuers.filter((each) => !usesSecret(each)).map(({ issuer }) => issuer);
}

function loginOf(auth: Configuration['auth'], log: Log): LoginProvider | null {
  const { issuers, loginIssuer, clientId, clientSecret, loginScopes: scopes } = auth;
  if (loginIssuer === undefined) return null;
  const issuer = issuers.find((each) => each.issuer === loginIssuer);
  if (!issuer || usesSecret(issuer))
    throw invalid('auth.login_issuer', 'must be an issuer of auth.issuers with public keys');
  if (clientId === undefined) throw invalid('auth.client_id', 'is needed for auth.login_issuer');
  return new OidcLogin({
    issuer: loginIssuer,
    clientId,
    scopes,
    endsSessions: auth.providerLogout === 'yes',
    log,
    ...(clientSecret === undefined ? {} : { clientSecret }),
  });
}

function invalid(name: string, reason: string): BatutaError<'configuration-invalid'> {
  return new BatutaError('configuration-invalid', { name, source: 'the configuration', reason });
}
