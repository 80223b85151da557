import { BatutaError } from '@batuta/contract';
import { auditEntry } from '../audit/audit-entry.ts';
import type { AccessDependencies } from './access-dependencies.ts';
import type { Authenticator } from './authenticate.ts';
import type { AccessChanges } from './access-use-cases.ts';
import { hashSecret } from './secret.ts';

/** Ends a browser's session. What it keeps is worth nothing afterwards; whoever was not signed in is signed out all the same. */
export async function signOut(
  { store, accessChanged }: Pick<AccessDependencies, 'store'> & AccessChanges,
  authenticator: Authenticator,
  token: string,
): Promise<void> {
  const identity = await authenticator.browser(token).catch((error: unknown) => {
    if (BatutaError.has(error, 'key-invalid') || BatutaError.has(error, 'access-disabled')) return undefined;
    throw error;
  });
  authenticator.forget(token);
  if (!identity) return;
  const entry = auditEntry(identity, { action: 'browser-signed-out', kind: 'security' });
  await store.endBrowserSession(identity.tenantId, hashSecret(token), entry);
  accessChanged(identity.tenantId);
}
