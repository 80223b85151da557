import { BatutaError } from '@batuta/contract';
import type { LoginProvider } from '../../port/login-provider.ts';
import { auditEntry } from '../audit/audit-entry.ts';
import type { AccessDependencies } from './access-dependencies.ts';
import type { Authenticator } from './authenticate.ts';
import type { AccessChanges } from './access-use-cases.ts';
import { hashSecret, openSealed } from './secret.ts';

/** What signing out needs. */
interface SignOutContext extends Pick<AccessDependencies, 'store'>, AccessChanges {
  login: LoginProvider | null;
}

/** A browser that signs out. `returnTo`: where it goes afterwards. */
interface Leaving {
  token: string;
  returnTo: string;
}

/**
 * Ends a browser's session. What it keeps is worth nothing afterwards; whoever was not signed in is signed out all the same. Gives the address
 * at which it is signed out of its identity provider, too, if there is one.
 */
export async function signOut(
  { store, accessChanged, login }: SignOutContext,
  authenticator: Authenticator,
  { token, returnTo }: Leaving,
): Promise<string | null> {
  const identity = await authenticator.browser(token).catch((error: unknown) => {
    if (BatutaError.has(error, 'key-invalid') || BatutaError.has(error, 'access-disabled')) return undefined;
    throw error;
  });
  authenticator.forget(token);
  if (!identity) return null;
  const entry = auditEntry(identity, { action: 'browser-signed-out', kind: 'security' });
  const hint = await store.endBrowserSession(identity.tenantId, hashSecret(token), entry);
  accessChanged(identity.tenantId);
  const idToken = hint === null ? undefined : openSealed(token, hint);
  return idToken === undefined || !login ? null : await login.end(idToken, returnTo);
}
