import { startApi, type ApiServer, type Arrived, type Reply } from './api-kit.ts';

/** A service with a page of consent, a token server that gives each refresh token once, and an API behind it. */
export class ConsentingService implements AsyncDisposable {
  readonly tokenForms: URLSearchParams[] = [];
  /** Tokens that the API takes. */
  readonly live = new Set<string>();
  /** How many calls the API has answered. */
  served = 0;
  /** Ends every token when so many calls were answered. */
  expiresAfter = Number.POSITIVE_INFINITY;
  /** Withdraws the consent when so many calls were answered. */
  revokesAfter = Number.POSITIVE_INFINITY;
  #refresh = '';
  #server: ApiServer | undefined;

  async listen(): Promise<this> {
    this.#server = await startApi((request) => this.#answer(request));
    return this;
  }

  get url(): string {
    return this.#server?.url ?? '';
  }

  get host(): string {
    return this.#server?.host ?? '';
  }

  /** Grants as they came to the token server. */
  get granted(): (string | null)[] {
    return this.tokenForms.map((form) => form.get('grant_type'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server?.close();
  }

  #answer({ target, headers, body }: Arrived): Reply {
    const url = new URL(target, 'http://service');
    if (url.pathname === '/authorize') return consented(url.searchParams);
    if (url.pathname === '/token') return this.#token(new URLSearchParams(body.toString()));
    const token = headers.authorization?.replace('Bearer ', '') ?? '';
    if (!this.live.has(token)) return { status: 401, body: { error: 'invalid_token' } };
    this.served += 1;
    if (this.served === this.expiresAfter) this.live.clear();
    if (this.served === this.revokesAfter) this.#revoke();
    return { body: { served: this.served } };
  }

  #revoke(): void {
    this.live.clear();
    this.#refresh = '';
  }

  /** A refresh token that comes twice was stolen: everything ends (RFC 9700). */
  #token(form: URLSearchParams): Reply {
    this.tokenForms.push(form);
    if (form.get('grant_type') === 'refresh_token' && form.get('refresh_token') !== this.#refresh) {
      this.#revoke();
      return { status: 400, body: { error: 'invalid_grant' } };
    }
    const token = `token-${this.tokenForms.length}`;
    this.live.add(token);
    this.#refresh = `refresh-${this.tokenForms.length}`;
    return {
      body: { access_token: token, token_type: 'Bearer', expires_in: 3_600, refresh_token: this.#refresh },
    };
  }
}

function consented(query: URLSearchParams): Reply {
  const location = new URL(query.get('redirect_uri') ?? '');
  location.searchParams.set('code', `code for ${query.get('scope')}`);
  location.searchParams.set('state', query.get('state') ?? '');
  return { status: 302, headers: { location: location.href } };
}
