import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

/** A real OpenID provider on this machine, with one person who is always willing. */
export interface IdentityProvider {
  address: string;
  clientId: string;
  clientSecret: string;
  close(): Promise<void>;
}

/** Starts oidc-provider for a platform that is reached at these addresses, which are asked for with the first request. */
export async function startIdentityProvider(redirectUris: () => string[]): Promise<IdentityProvider> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clientId = 'batuta-test';
  const clientSecret = 'a-secret-of-the-test';
  const known = { address, clientId, clientSecret };
  let handle: ReturnType<Provider['callback']> | undefined;
  server.on('request', (request, response) => {
    handle ??= makeProvider(known, redirectUris()).callback();
    void handle(request, response);
  });
  return { address, clientId, clientSecret, close: () => stop(server) };
}

function makeProvider(
  { address, clientId, clientSecret }: Omit<IdentityProvider, 'close'>,
  redirectUris: string[],
): Provider {
  const homes = redirectUris.map((uri) => new URL('/', uri).href);
  return new Provider(address, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: redirectUris,
        post_logout_redirect_uris: homes,
      },
    ],
    pkce: { required: () => true },
    conformIdTokenClaims: false,
    claims: { openid: ['sub'], profile: ['name'], email: ['email'] },
    findAccount: (_, id) => ({
      accountId: id,
      claims: async () => ({ sub: id, name: `${id} of the provider`, email: `${id}@example.com` }),
    }),
    cookies: { keys: ['test'] },
    features: { devInteractions: { enabled: true } },
  });
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
