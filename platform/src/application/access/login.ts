import { BatutaError } from '@batuta/contract';
import type { AccessDependencies } from './access-dependencies.ts';
import { issueKey } from './issue-key.ts';
import { hashSecret, makeLoginToken } from './secret.ts';

const linkMs = 60 * 60_000;
const browserKeyMs = 30 * 24 * 60 * 60_000;
const longestToken = 256;

/** Makes a token that signs one browser in, once, within an hour. */
export async function createLoginToken(
  { store, clock, randomBytes }: AccessDependencies,
  tenantId: string,
): Promise<string> {
  const token = makeLoginToken(randomBytes);
  await store.addLoginToken({ hash: hashSecret(token), tenantId, expiresAt: clock.now() + linkMs });
  return token;
}

/** Exchanges a login token for a key that the browser keeps. Errors: `login-token-invalid`. */
export async function exchangeLogin(
  dependencies: AccessDependencies,
  token: string,
): Promise<{ key: string; expiresAt: number }> {
  const taken =
    token === '' || token.length > longestToken
      ? undefined
      : await dependencies.store.takeLoginToken(hashSecret(token));
  if (taken === undefined) throw new BatutaError('login-token-invalid', {});
  const expiresAt = dependencies.clock.now() + browserKeyMs;
  const grant = { role: 'administrator', scopes: ['*'] } as const;
  const order = { tenantId: taken.tenantId, name: 'browser', ...grant, expiresAt };
  const { key } = await issueKey(dependencies, order);
  return { key, expiresAt };
}
