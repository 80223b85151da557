/** What a browser keeps between leaving for the identity provider and coming back; worth something only together with what it brings back. */
export interface LoginFlow {
  state: string;
  nonce: string;
  /** Of PKCE: shows that who brings the code is who asked for it. */
  verifier: string;
}

/** Signs people in at an identity provider, by the code flow of OpenID Connect with PKCE. */
export interface LoginProvider {
  /** Where to send the browser, and what it must keep. Errors: `login-failed`. */
  begin(callback: string): Promise<{ address: string; flow: LoginFlow }>;
  /** The ID token that the browser's return is worth, once. `returned`: the address at which it came back. Errors: `login-failed`. */
  finish(returned: URL, flow: LoginFlow): Promise<string>;
  /**
   * Where to send a browser so that it is signed out at the provider, too, and comes back to `returnTo`. Null where the provider has no such
   * address, or does not answer. Contract: never rejects.
   */
  end(idToken: string, returnTo: string): Promise<string | null>;
}
