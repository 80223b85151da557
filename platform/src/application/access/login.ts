import { BatutaError, type Role } from '@batuta/contract';
import { platformScopes } from '../../domain/identity/permissions.ts';
import type { AuditEntry } from '../../port/audit-log.ts';
import { systemEntry } from '../audit/audit-entry.ts';
import type { AccessDependencies } from './access-dependencies.ts';
import { hashSecret, makeLoginToken, makeSessionToken, sealFor } from './secret.ts';

const linkMs = 60 * 60_000;
const longestToken = 256;

/** What a browser that was signed in keeps, and until when at most. */
export interface SignedIn {
  token: string;
  endsAt: number;
}

/** Whom a browser is signed in as. */
export interface SignInOrder {
  tenantId: string;
  userId: string | null;
  name: string;
  role: Role;
  scopes: readonly string[];
  /** The ID token that it was signed in by. */
  idToken?: string;
}

/** Makes a token that signs one browser in, once, within an hour. */
export async function createLoginToken(
  { store, clock, randomBytes }: AccessDependencies,
  tenantId: string,
): Promise<string> {
  const token = makeLoginToken(randomBytes);
  await store.addLoginToken({ hash: hashSecret(token), tenantId, expiresAt: clock.now() + linkMs });
  return token;
}

/** Exchanges a login token for a browser's session of the platform's administrator. Errors: `login-token-invalid`. */
export async function exchangeLogin(dependencies: AccessDependencies, token: string): Promise<SignedIn> {
  const taken =
    token === '' || token.length > longestToken
      ? undefined
      : await dependencies.store.takeLoginToken(hashSecret(token));
  if (taken === undefined) throw new BatutaError('login-token-invalid', {});
  const { tenantId } = taken;
  const grant = { role: 'administrator', scopes: ['*', ...platformScopes] } as const;
  const entry = systemEntry({ action: 'browser-signed-in', kind: 'security', reason: 'login-link' });
  return signIn(dependencies, { tenantId, userId: null, name: 'browser', ...grant }, entry);
}

/** Gives a browser a session of its own: never one that it brought along. */
export async function signIn(
  { store, clock, randomBytes, sessionLimits }: AccessDependencies,
  { idToken, ...order }: SignInOrder,
  audit: AuditEntry,
): Promise<SignedIn> {
  const token = makeSessionToken(randomBytes);
  const now = clock.now();
  const endsAt = now + sessionLimits.longestMs;
  const expiresAt = Math.min(endsAt, now + sessionLimits.idleMs);
  const hint = idToken === undefined ? {} : { logoutHint: sealFor(token, idToken) };
  await store.addBrowserSession({ ...order, ...hint, hash: hashSecret(token), expiresAt, endsAt }, audit);
  return { token, endsAt };
}
