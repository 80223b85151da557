import { BatutaError } from '@batuta/contract';
import type { LoginFlow, LoginProvider } from '../../port/login-provider.ts';
import type { TokenVerifier } from '../../port/token-verifier.ts';
import { auditEntry } from '../audit/audit-entry.ts';
import type { AccessDependencies } from './access-dependencies.ts';
import { signIn, type SignedIn } from './login.ts';
import { recognise, type RecogniseContext } from './recognise.ts';

/** What signing people in at an identity provider needs. */
export interface BrowserLoginContext extends AccessDependencies, RecogniseContext {
  login: LoginProvider | null;
  verifier: TokenVerifier;
  /** Name of this platform at the identity provider: ID tokens are meant for it. */
  clientId: string | undefined;
}

/** Where to send a browser that wants to sign in. Errors: `login-failed`. */
export async function beginLogin(
  { login }: BrowserLoginContext,
  callback: string,
): Promise<{ address: string; flow: LoginFlow }> {
  if (!login) throw notConfigured();
  return login.begin(callback);
}

/**
 * Signs in the browser that comes back from the identity provider. Errors: `login-failed`, `token-invalid`, `token-unverifiable`,
 * `access-disabled`.
 */
export async function finishLogin(
  context: BrowserLoginContext,
  returned: URL,
  { flow, address }: { flow: LoginFlow; address: string | null },
): Promise<SignedIn> {
  const { login, verifier, clientId } = context;
  if (!login || clientId === undefined) throw notConfigured();
  const idToken = await login.finish(returned, flow);
  const token = await verifier.verify(idToken, { audience: clientId });
  const { user, role } = await recognise(context, token);
  const { id: userId, tenantId, name } = user;
  const identity = { tenantId, userId, keyId: null, name, role, scopes: new Set<never>(), address };
  const entry = auditEntry(identity, { action: 'browser-signed-in', kind: 'security', reason: token.issuer });
  return signIn(context, { tenantId, userId, name, role, scopes: ['*'], idToken }, entry);
}

function notConfigured(): BatutaError<'login-failed'> {
  const reason = 'no identity provider is configured; set auth.login_issuer and auth.client_id';
  return new BatutaError('login-failed', { reason });
}
