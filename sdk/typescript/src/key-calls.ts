import type { ApiKey, ApiKeyPage, CreateKey, MadeKey, PageInput, RotateKey } from '@batuta/contract';
import type { CallOptions } from './client-options.ts';
import { pageQuery } from './page-query.ts';
import type { Transport } from './transport.ts';

/** Calls about API keys. */
export class KeyCalls {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** One page of keys, newest first: administrators see all of the tenant, others their own. */
  list(page: PageInput = {}, options: CallOptions = {}): Promise<ApiKeyPage> {
    return this.#transport.send({
      path: '/v1/keys',
      query: pageQuery(page),
      isRepeatable: true,
      ...options,
    });
  }

  /** A key, without the key itself. */
  get(id: string, options: CallOptions = {}): Promise<ApiKey> {
    return this.#transport.send({ path: keyPath(id), isRepeatable: true, ...options });
  }

  /** Makes a key. Only this answer holds it. */
  create(key: CreateKey, options: CallOptions = {}): Promise<MadeKey> {
    return this.#transport.send({ method: 'POST', path: '/v1/keys', body: key, ...options });
  }

  /** Puts a new key in the place of one, which works on for some hours. Only this answer holds the new one. */
  rotate(id: string, rotation: RotateKey = {}, options: CallOptions = {}): Promise<MadeKey> {
    return this.#transport.send({
      method: 'POST',
      path: `${keyPath(id)}/rotate`,
      body: rotation,
      ...options,
    });
  }

  /** Revokes a key. */
  revoke(id: string, options: CallOptions = {}): Promise<void> {
    return this.#transport.send({ method: 'DELETE', path: keyPath(id), ...options });
  }
}

function keyPath(id: string): string {
  return `/v1/keys/${encodeURIComponent(id)}`;
}
