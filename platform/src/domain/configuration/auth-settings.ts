import { issuersSchema } from '../identity/issuer.ts';
import { choice, integer, list, secret, structured, text } from './setting.ts';

/** Who may enter. */
export const authSettings = {
  issuers: structured({
    variable: 'BATUTA_AUTH_ISSUERS',
    about: 'Whose tokens (JWT) are accepted, and what they mean here; docs/guide/identity.md explains them.',
    range:
      'a list of issuers, each with issuer, audience, algorithms, claims, roles, default_role, tenant and create_users',
    schema: issuersSchema,
    default: [],
  }),
  jwtSecret: secret({
    variable: 'BATUTA_JWT_SECRET',
    about: 'Secret of tokens that are signed with HS256.',
    range: 'a text of at least 32 characters',
    pattern: /^.{32,1024}$/s,
  }),
  loginIssuer: text({
    variable: 'BATUTA_LOGIN_ISSUER',
    about:
      'Issuer of auth.issuers by which people sign in with a browser (OpenID Connect); without it only the login link does.',
    range: 'an address of auth.issuers',
    pattern: /^https?:\/\/\S+$/,
  }),
  clientId: text({
    variable: 'BATUTA_CLIENT_ID',
    about: 'Name of this platform at auth.login_issuer.',
    range: 'a text without spaces',
    pattern: /^\S{1,500}$/,
  }),
  clientSecret: secret({
    variable: 'BATUTA_CLIENT_SECRET',
    about: 'Secret of this platform at auth.login_issuer, if it has one.',
    range: 'a text without spaces',
    pattern: /^\S{1,1000}$/,
  }),
  loginScopes: list({
    variable: 'BATUTA_LOGIN_SCOPES',
    about: 'What auth.login_issuer is asked to tell about people, besides openid.',
    each: 'scopes of OpenID Connect',
    pattern: /^[\w.:/-]{1,200}$/,
    default: ['profile', 'email'],
  }),
  providerLogout: choice({
    variable: 'BATUTA_PROVIDER_LOGOUT',
    about:
      'Whether a browser that signs out is signed out at auth.login_issuer, too; the start page must be registered there as an address to return to.',
    words: ['yes', 'no'],
    default: 'yes',
  }),
  sessionIdleHours: integer({
    variable: 'BATUTA_SESSION_IDLE_HOURS',
    about: 'Hours after which a browser that does nothing is signed out.',
    default: 168,
    min: 1,
    max: 8760,
  }),
  sessionDays: integer({
    variable: 'BATUTA_SESSION_DAYS',
    about: 'Days after which a browser is signed out, however much it does.',
    default: 30,
    min: 1,
    max: 365,
  }),
};
