import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

interface Grant {
  refresh: string;
  access: string;
  /** Used ones: whoever brings one of them again has stolen it, or is a client that renews twice. */
  used: Set<string>;
  scope: string;
  isRevoked: boolean;
}

interface Code {
  challenge: string;
  redirect: string;
  scope: string;
  resource: string | null;
}

/**
 * A tool server over HTTP whose tools need a token, and its authorisation server, which lets everybody in at once. A token for renewal is good
 * once; when one comes a second time, the whole grant is withdrawn (RFC 9700).
 */
export class ProtectedServer {
  readonly registered: Record<string, unknown>[] = [];
  readonly calls: string[] = [];
  /** Of the token endpoint, by type. */
  readonly asked: string[] = [];
  lifeSeconds = 3600;
  /** What the tool `write` needs; the token must have it. */
  writeScope = 'write';
  failsRenewal = false;
  /** Told as the address of the authorisation server instead of the own one. */
  issuer: string | undefined;
  readonly #grants: Grant[] = [];
  readonly #codes = new Map<string, Code>();
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  async listen(): Promise<this> {
    await new Promise<void>((ready) => this.#server.listen(0, '127.0.0.1', ready));
    return this;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get url(): URL {
    return new URL(`${this.origin}/mcp`);
  }

  get liveGrants(): number {
    return this.#grants.filter(({ isRevoked }) => !isRevoked).length;
  }

  /** Withdraws everything, as somebody would at the service. */
  revokeAll(): void {
    for (const grant of this.#grants) grant.isRevoked = true;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.origin);
    const body = await text(request);
    const send = (status: number, value: unknown, headers: Record<string, string> = {}) =>
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(JSON.stringify(value));
    if (url.pathname === '/mcp') return this.#serve(request, body, { send, response });
    if (url.pathname.startsWith('/.well-known/oauth-protected-resource'))
      return void send(200, { resource: this.url.href, authorization_servers: [this.issuer ?? this.origin] });
    if (url.pathname.startsWith('/.well-known/oauth-authorization-server'))
      return void send(200, this.#metadata());
    if (url.pathname === '/register') return void send(201, this.#register(JSON.parse(body)));
    if (url.pathname === '/authorize') return this.#authorize(url, response);
    if (url.pathname === '/token') return void send(...this.#token(new URLSearchParams(body)));
    if (url.pathname === '/revoke') return void send(200, this.#revoke(new URLSearchParams(body)));
    send(404, { error: 'not_found' });
  }

  #metadata() {
    const { origin } = this;
    return {
      issuer: origin,
      authorization_endpoint: `${origin}/authorize`,
      token_endpoint: `${origin}/token`,
      registration_endpoint: `${origin}/register`,
      revocation_endpoint: `${origin}/revoke`,
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['none'],
    };
  }

  #register(client: Record<string, unknown>) {
    this.registered.push(client);
    return { ...client, client_id: `client-${this.registered.length}` };
  }

  #authorize(url: URL, response: ServerResponse): void {
    const query = url.searchParams;
    const code = randomUUID();
    const redirect = query.get('redirect_uri') ?? '';
    const challenge = query.get('code_challenge') ?? '';
    this.#codes.set(code, {
      challenge,
      redirect,
      scope: query.get('scope') ?? '',
      resource: query.get('resource'),
    });
    const back = new URL(redirect);
    back.searchParams.set('code', code);
    back.searchParams.set('state', query.get('state') ?? '');
    response.writeHead(302, { location: back.href }).end();
  }

  #token(form: URLSearchParams): [number, unknown] {
    const type = form.get('grant_type') ?? '';
    this.asked.push(type);
    return type === 'refresh_token' ? this.#renew(form.get('refresh_token') ?? '') : this.#redeem(form);
  }

  #redeem(form: URLSearchParams): [number, unknown] {
    const code = this.#codes.get(form.get('code') ?? '');
    this.#codes.delete(form.get('code') ?? '');
    const proof = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const isRight = code?.challenge === proof && code.redirect === form.get('redirect_uri');
    if (!code || !isRight || form.get('resource') !== this.url.href || code.resource !== this.url.href)
      return [400, { error: 'invalid_grant' }];
    const grant = {
      refresh: randomUUID(),
      access: randomUUID(),
      used: new Set<string>(),
      scope: code.scope,
      isRevoked: false,
    };
    this.#grants.push(grant);
    return [200, this.#tokensOf(grant)];
  }

  #renew(token: string): [number, unknown] {
    if (this.failsRenewal) return [503, { error: 'temporarily_unavailable' }];
    const stolen = this.#grants.find(({ used }) => used.has(token));
    if (stolen) stolen.isRevoked = true;
    const grant = this.#grants.find(({ refresh, isRevoked }) => refresh === token && !isRevoked);
    if (!grant) return [400, { error: 'invalid_grant' }];
    grant.used.add(grant.refresh);
    grant.refresh = randomUUID();
    grant.access = randomUUID();
    return [200, this.#tokensOf(grant)];
  }

  #tokensOf({ access, refresh, scope }: Grant) {
    return {
      access_token: access,
      refresh_token: refresh,
      token_type: 'Bearer',
      expires_in: this.lifeSeconds,
      scope,
    };
  }

  #revoke(form: URLSearchParams) {
    for (const grant of this.#grants) if (grant.refresh === form.get('token')) grant.isRevoked = true;
    return {};
  }

  #serve(
    request: IncomingMessage,
    body: string,
    {
      send,
      response,
    }: {
      send: (status: number, value: unknown, headers?: Record<string, string>) => void;
      response: ServerResponse;
    },
  ): void {
    const token = request.headers.authorization?.replace('Bearer ', '');
    const grant = this.#grants.find(({ access, isRevoked }) => access === token && !isRevoked);
    const metadata = `resource_metadata="${this.origin}/.well-known/oauth-protected-resource/mcp"`;
    if (!grant) return send(401, {}, { 'www-authenticate': `Bearer ${metadata}, scope="read"` });
    if (request.method !== 'POST') return void response.writeHead(405).end();
    const { id, method, params } = JSON.parse(body);
    if (id === undefined) return void response.writeHead(202).end();
    if (params?.name === 'write' && !grant.scope.split(' ').includes(this.writeScope))
      return send(
        403,
        {},
        { 'www-authenticate': `Bearer error="insufficient_scope", scope="write", ${metadata}` },
      );
    if (method === 'tools/call') this.calls.push(params.name);
    const result = resultOf(method, params);
    send(200, {
      jsonrpc: '2.0',
      id,
      ...(result ? { result } : { error: { code: -32_601, message: 'Method not found' } }),
    });
  }
}

function resultOf(method: string, params: { name?: string } | undefined) {
  const schema = { type: 'object', properties: {} };
  const annotations = { readOnlyHint: true };
  const tools = ['read', 'write'].map((name) => ({
    name,
    description: name,
    inputSchema: schema,
    annotations,
  }));
  const known: Record<string, unknown> = {
    initialize: {
      protocolVersion: '2025-11-25',
      capabilities: { tools: {} },
      serverInfo: { name: 'protected', version: '1' },
    },
    'tools/list': { tools },
    'tools/call': { content: [{ type: 'text', text: `${params?.name} was done` }] },
    ping: {},
  };
  return known[method];
}
