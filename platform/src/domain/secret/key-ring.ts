import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { BatutaError } from '@batuta/contract';
import type { SealedSecret } from '../../port/secret-store.ts';

const algorithm = 'aes-256-gcm';
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/** What a secret is bound to: moved to another tenant or name it can no longer be decrypted. */
export interface SecretPlace {
  tenantId: string;
  name: string;
}

/** Reads a key: 32 bytes as 64 hexadecimal digits, base64 or base64url. Undefined: it is none. */
export function readSecretKey(text: string): Buffer | undefined {
  const trimmed = text.trim();
  if (/^[\da-f]{64}$/i.test(trimmed)) return Buffer.from(trimmed, 'hex');
  if (!/^[\w+/-]{43}=?$/.test(trimmed)) return undefined;
  const key = Buffer.from(trimmed, 'base64');
  return key.length === keyBytes ? key : undefined;
}

/** Names a key without telling anything about it; rows of secrets refer to it. */
export function secretKeyId(key: Uint8Array): string {
  return createHash('sha256').update('batuta secret key\n').update(key).digest('hex').slice(0, 16);
}

/** The keys of a process: the first one encrypts, all of them decrypt. */
export class KeyRing {
  readonly #keys: ReadonlyMap<string, Uint8Array>;
  /** Id of the key that encrypts; undefined for a ring without keys. */
  readonly currentId: string | undefined;

  constructor(keys: readonly Uint8Array[]) {
    this.#keys = new Map(keys.map((key) => [secretKeyId(key), key]));
    this.currentId = this.ids[0];
  }

  get ids(): string[] {
    return [...this.#keys.keys()];
  }

  has(keyId: string): boolean {
    return this.#keys.has(keyId);
  }

  /** Encrypts a value for its place; `randomBytes` gives a nonce that was never used before. Errors: `secret-key-not-configured`. */
  seal(place: SecretPlace, value: string, randomBytes: (count: number) => Uint8Array): SealedSecret {
    const keyId = this.currentId ?? '';
    const key = this.#keys.get(keyId);
    if (!key) throw new BatutaError('secret-key-not-configured', {});
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv(algorithm, key, nonce).setAAD(boundTo(place, keyId));
    const ciphertext = Buffer.concat([cipher.update(value, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return { name: place.name, keyId, nonce, ciphertext };
  }

  /** Decrypts; undefined when it was changed or belongs to another place. */
  open(tenantId: string, { name, keyId, nonce, ciphertext }: SealedSecret): string | undefined {
    const key = this.#keys.get(keyId);
    if (!key) return undefined;
    try {
      const split = ciphertext.length - tagBytes;
      const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagBytes })
        .setAAD(boundTo({ tenantId, name }, keyId))
        .setAuthTag(ciphertext.subarray(split));
      return Buffer.concat([decipher.update(ciphertext.subarray(0, split)), decipher.final()]).toString(
        'utf8',
      );
    } catch {
      return undefined;
    }
  }
}

/** No part can hold the character between them, so that no two places are the same text. */
function boundTo({ tenantId, name }: SecretPlace, keyId: string): Buffer {
  return Buffer.from(['batuta-secret-1', tenantId, name, keyId].join('\n'));
}
