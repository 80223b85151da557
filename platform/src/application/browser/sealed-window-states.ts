import { createCipheriv, createDecipheriv } from 'node:crypto';
import { jsonObjectSchema } from '@batuta/contract';
import { z } from 'zod';
import type { WindowState } from '../../port/browser.ts';
import type { SecretSealer } from '../../port/secret-store.ts';
import { windowKeyName, type WindowStateStore } from '../../port/window-state-store.ts';
import type { WindowPlace, WindowStates } from './window-states.ts';

const algorithm = 'aes-256-gcm';
const tagBytes = 16;
const largestState = 8_000_000;
const mostKeys = 1_000;

const stateSchema = z.object({ storage: jsonObjectSchema, pages: z.array(z.string()) });

interface Parts {
  store: WindowStateStore;
  sealer: SecretSealer;
  randomBytes: (count: number) => Uint8Array;
}

/**
 * States of windows, each encrypted with a key of its own session; that key is a secret of the vault, so that a rotation of the vault's keys
 * has little to encrypt anew. A state that follows an outdated one is dropped: another process has gone on with the session.
 */
export class SealedWindowStates implements WindowStates {
  readonly #parts: Parts;
  readonly #keys = new Map<string, string>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async version({ tenantId, sessionId }: WindowPlace): Promise<number> {
    return await this.#parts.store.version(tenantId, sessionId);
  }

  async read(place: WindowPlace): Promise<{ state: WindowState; version: number } | undefined> {
    const stored = await this.#parts.store.get(place.tenantId, place.sessionId);
    if (!stored) return undefined;
    const key = await this.#parts.sealer.unseal(place.tenantId, stored.key);
    this.#remember(place, key);
    const plain = decrypt(stored, Buffer.from(key, 'base64'), place);
    return { state: stateSchema.parse(JSON.parse(plain)), version: stored.version };
  }

  async write(
    place: WindowPlace,
    { state, version }: { state: WindowState; version: number },
  ): Promise<number> {
    const { tenantId, sessionId } = place;
    const { store, sealer, randomBytes } = this.#parts;
    const plain = Buffer.from(JSON.stringify(state));
    if (plain.byteLength > largestState) return version;
    const secret = this.#keys.get(keyOf(place)) ?? Buffer.from(randomBytes(32)).toString('base64');
    this.#remember(place, secret);
    const key = await sealer.seal({ tenantId, name: windowKeyName(sessionId) }, secret);
    const stateNonce = randomBytes(12);
    const cipher = createCipheriv(algorithm, Buffer.from(secret, 'base64'), stateNonce).setAAD(
      boundTo(place),
    );
    const encrypted = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    const kept = await store.put(tenantId, {
      sessionId,
      key,
      stateNonce,
      state: encrypted,
      version: version + 1,
    });
    return kept ? version + 1 : version;
  }

  /** The key of a session stays the same: each one would have to be known to what takes secrets out of texts. */
  #remember(place: WindowPlace, key: string): void {
    if (this.#keys.size >= mostKeys) this.#keys.clear();
    this.#keys.set(keyOf(place), key);
  }
}

function decrypt(
  { state, stateNonce }: { state: Uint8Array; stateNonce: Uint8Array },
  key: Buffer,
  place: WindowPlace,
): string {
  const bytes = Buffer.from(state);
  const decipher = createDecipheriv(algorithm, key, stateNonce).setAAD(boundTo(place));
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  return Buffer.concat([decipher.update(bytes.subarray(0, -tagBytes)), decipher.final()]).toString('utf8');
}

/** A state of another tenant or session cannot be put in the place of this one. */
function boundTo(place: WindowPlace): Buffer {
  return Buffer.from(`browser window\n${keyOf(place)}`);
}

function keyOf({ tenantId, sessionId }: WindowPlace): string {
  return `${tenantId} ${sessionId}`;
}
