import type { KeyRotation, PageInput, SecretInfo, SecretPage } from '@batuta/contract';
import type { CallOptions } from './client-options.ts';
import { pageQuery } from './page-query.ts';
import type { Transport } from './transport.ts';

/** Calls about secrets. Their values can be written, never read. */
export class SecretCalls {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** One page of secrets by name, without their values. */
  list(page: PageInput = {}, options: CallOptions = {}): Promise<SecretPage> {
    return this.#transport.send({
      path: '/v1/secrets',
      query: pageQuery(page),
      isRepeatable: true,
      ...options,
    });
  }

  /** Sets a secret, or sets it anew. */
  set(name: string, value: string, options: CallOptions = {}): Promise<SecretInfo> {
    const call = { method: 'PUT', path: secretPath(name), body: { value }, isRepeatable: true } as const;
    return this.#transport.send({ ...call, ...options });
  }

  /** Deletes a secret. */
  delete(name: string, options: CallOptions = {}): Promise<void> {
    return this.#transport.send({ method: 'DELETE', path: secretPath(name), ...options });
  }

  /** Encrypts all secrets of all tenants with a new key. */
  rotateKey(options: CallOptions = {}): Promise<KeyRotation> {
    return this.#transport.send({ method: 'POST', path: '/v1/secret-key/rotation', ...options });
  }
}

function secretPath(name: string): string {
  return `/v1/secrets/${encodeURIComponent(name)}`;
}
