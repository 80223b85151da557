import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose';

/** An identity provider of which only the keys are real. */
export class IssuerServer {
  readonly #server: Server;
  readonly #keys: { id: string; sign: CryptoKey; jwk: JWK }[] = [];
  /** Paths that were asked for. */
  readonly asked: string[] = [];
  isDown = false;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<IssuerServer> {
    const server = createServer((request, response) => {
      issuer.asked.push(request.url ?? '');
      response.writeHead(issuer.isDown ? 503 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(issuer.#answer(request.url)));
    });
    const issuer: IssuerServer = new IssuerServer(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await issuer.rotate();
    return issuer;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get publicKeys(): JWK[] {
    return this.#keys.map(({ jwk }) => jwk);
  }

  /** From now on tokens are signed with a new key. */
  async rotate(): Promise<void> {
    const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
    const id = `key-${this.#keys.length + 1}`;
    this.#keys.push({ id, sign: privateKey, jwk: { ...(await exportJWK(publicKey)), kid: id, use: 'sig' } });
  }

  /** A good token, with what a test makes different; `undefined` leaves a claim out. */
  async token(changes: Record<string, unknown> = {}, header: { kid?: string } = {}): Promise<string> {
    const key = this.#keys.at(-1);
    if (!key) throw new TypeError('no key');
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: this.address, aud: 'batuta', sub: 'ana', iat: now, exp: now + 300, ...changes };
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: key.id, ...header }).sign(key.sign);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(path: string | undefined): object {
    if (path === '/keys') return { keys: this.publicKeys };
    return { issuer: this.address, jwks_uri: `${this.address}/keys` };
  }
}
