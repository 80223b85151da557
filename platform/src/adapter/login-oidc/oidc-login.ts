import { BatutaError } from '@batuta/contract';
import type { Configuration } from 'openid-client';
import type { Log } from '../../port/log.ts';
import type { LoginFlow, LoginProvider } from '../../port/login-provider.ts';

/** This platform as an identity provider knows it. */
export interface OidcLoginSettings {
  issuer: string;
  clientId: string;
  /** Absent: a public client, which PKCE alone protects. */
  clientSecret?: string;
  scopes: readonly string[];
  /** Whether a browser that signs out here is signed out at the provider, too. */
  endsSessions: boolean;
  log: Log;
}

/** Loaded when the first person signs in: with what it needs it takes several megabytes. */
const loadLibrary = () => import('openid-client');

type Library = Awaited<ReturnType<typeof loadLibrary>>;

const timeoutSeconds = 10;
const toleranceSeconds = 30;

/**
 * Signs people in with openid-client. It checks state, nonce, PKCE, issuer and the token endpoint's answer; the signature of the ID token is
 * verified by whoever gets it.
 */
export class OidcLogin implements LoginProvider {
  readonly #settings: OidcLoginSettings;
  #discovered: Promise<Configuration> | undefined;

  constructor(settings: OidcLoginSettings) {
    this.#settings = settings;
  }

  async begin(callback: string): Promise<{ address: string; flow: LoginFlow }> {
    const library = await loadLibrary();
    const provider = await this.#provider(library);
    const flow = {
      state: library.randomState(),
      nonce: library.randomNonce(),
      verifier: library.randomPKCECodeVerifier(),
    };
    const address = library.buildAuthorizationUrl(provider, {
      redirect_uri: callback,
      response_type: 'code',
      scope: ['openid', ...this.#settings.scopes].join(' '),
      state: flow.state,
      nonce: flow.nonce,
      code_challenge: await library.calculatePKCECodeChallenge(flow.verifier),
      code_challenge_method: 'S256',
    });
    return { address: address.href, flow };
  }

  async finish(returned: URL, flow: LoginFlow): Promise<string> {
    const library = await loadLibrary();
    const provider = await this.#provider(library);
    try {
      const tokens = await library.authorizationCodeGrant(provider, returned, {
        expectedState: flow.state,
        expectedNonce: flow.nonce,
        pkceCodeVerifier: flow.verifier,
        idTokenExpected: true,
      });
      if (tokens.id_token === undefined) throw failed('the identity provider told nobody');
      return tokens.id_token;
    } catch (error) {
      if (BatutaError.is(error)) throw error;
      this.#settings.log.warn('a sign-in failed', { issuer: this.#settings.issuer, error });
      throw failed(reasonOf(library, error), error);
    }
  }

  async end(idToken: string, returnTo: string): Promise<string | null> {
    if (!this.#settings.endsSessions) return null;
    try {
      const library = await loadLibrary();
      const provider = await this.#provider(library);
      if (provider.serverMetadata().end_session_endpoint === undefined) return null;
      return library.buildEndSessionUrl(provider, {
        id_token_hint: idToken,
        post_logout_redirect_uri: returnTo,
      }).href;
    } catch (error) {
      this.#settings.log.warn('a browser is signed out here, and not at the identity provider', { error });
      return null;
    }
  }

  /** Found out when the first person signs in, and again after a failure: a start need not wait for the provider. */
  async #provider({ allowInsecureRequests, clockTolerance, discovery }: Library): Promise<Configuration> {
    const { issuer, clientId, clientSecret, log } = this.#settings;
    const server = new URL(issuer);
    const metadata = {
      [clockTolerance]: toleranceSeconds,
      ...(clientSecret && { client_secret: clientSecret }),
    };
    this.#discovered ??= discovery(server, clientId, metadata, undefined, {
      timeout: timeoutSeconds,
      ...(server.protocol === 'http:' ? { execute: [allowInsecureRequests] } : {}),
    });
    try {
      return await this.#discovered;
    } catch (error) {
      this.#discovered = undefined;
      log.warn('the identity provider cannot be reached', { issuer, error });
      throw failed('the identity provider cannot be reached; try again soon', error);
    }
  }
}

function failed(reason: string, cause?: unknown): BatutaError<'login-failed'> {
  return new BatutaError('login-failed', { reason }, { cause });
}

/** What went wrong, in words for the person; what exactly is in the log. */
function reasonOf({ AuthorizationResponseError, ResponseBodyError }: Library, error: unknown): string {
  if (error instanceof AuthorizationResponseError)
    return `the identity provider says "${shorten(error.error)}"`;
  if (error instanceof ResponseBodyError)
    return `the identity provider does not accept it ("${shorten(error.error)}")`;
  return 'what the browser brought back does not fit what it was sent for';
}

function shorten(word: string): string {
  return word.replace(/[^\w -]/g, '').slice(0, 80);
}
