/** An access token and until when it may be used, in milliseconds since the epoch. */
export interface AccessToken {
  value: string;
  expiresAt: number;
}

/** Tokens are renewed so long before they end. */
const earlyMs = 30_000;
const mostTokens = 1_000;

/**
 * Access tokens in memory. However many calls need one at once, it is fetched once (single flight); a failed fetch is tried again by the next
 * call.
 */
export class TokenStore {
  readonly #tokens = new Map<string, AccessToken>();
  readonly #fetching = new Map<string, Promise<AccessToken>>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  async get(key: string, fetch: () => Promise<AccessToken>): Promise<AccessToken> {
    const known = this.#tokens.get(key);
    if (known && known.expiresAt - earlyMs > this.#now()) return known;
    const running = this.#fetching.get(key);
    if (running) return running;
    const fetched = fetch()
      .then((token) => this.#keep(key, token))
      .finally(() => this.#fetching.delete(key));
    this.#fetching.set(key, fetched);
    return fetched;
  }

  /** Gives a token up, unless it was renewed meanwhile. */
  forget(key: string, value: string): void {
    if (this.#tokens.get(key)?.value === value) this.#tokens.delete(key);
  }

  #keep(key: string, token: AccessToken): AccessToken {
    const [oldest] = this.#tokens.keys();
    if (this.#tokens.size >= mostTokens && oldest !== undefined) this.#tokens.delete(oldest);
    this.#tokens.set(key, token);
    return token;
  }
}
