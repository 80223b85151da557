import type { AccessDependencies } from '../../src/application/access/access-dependencies.ts';
import type { AccessStore, ApiKeyRecord } from '../../src/port/access-store.ts';
import { FakeClock } from '../http/fake-clock.ts';
import { MemoryLog } from '../http/open-door.ts';

/** An access store in memory that counts look-ups. */
export class MemoryAccessStore implements AccessStore {
  readonly keys = new Map<string, ApiKeyRecord>();
  readonly tokens = new Map<string, { tenantId: string; expiresAt: number }>();
  readonly tenants = new Set<string>();
  lookUps = 0;
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  async ensureTenant(tenantId: string): Promise<void> {
    this.tenants.add(tenantId);
  }

  async addKey({ hash, scopes, ...key }: Parameters<AccessStore['addKey']>[0]): Promise<void> {
    if (this.keys.has(hash)) return;
    this.keys.set(hash, { ...key, scopes: [...scopes], createdAt: this.#clock.now(), revokedAt: null });
  }

  async findKey(hash: string): Promise<ApiKeyRecord | undefined> {
    this.lookUps += 1;
    const key = this.keys.get(hash);
    const isOver = key?.revokedAt !== null || (key.expiresAt !== null && key.expiresAt <= this.#clock.now());
    return isOver ? undefined : key;
  }

  async revokeKey(_tenantId: string, id: string): Promise<void> {
    for (const key of this.keys.values()) if (key.id === id) key.revokedAt = this.#clock.now();
  }

  async addLoginToken({ hash, ...token }: Parameters<AccessStore['addLoginToken']>[0]): Promise<void> {
    this.tokens.set(hash, token);
  }

  async takeLoginToken(hash: string): Promise<{ tenantId: string } | undefined> {
    const token = this.tokens.get(hash);
    this.tokens.delete(hash);
    return token !== undefined && token.expiresAt > this.#clock.now()
      ? { tenantId: token.tenantId }
      : undefined;
  }
}

/** What the use cases of access need, all of it in memory and predictable. */
export interface AccessKit extends AccessDependencies {
  store: MemoryAccessStore;
  clock: FakeClock;
  log: MemoryLog;
}

export function createAccessKit(): AccessKit {
  const clock = new FakeClock();
  let made = 0;
  return {
    clock,
    platformTenant: 'one',
    store: new MemoryAccessStore(clock),
    log: new MemoryLog(),
    ids: { create: (kind) => `${kind}_${++made}` },
    randomBytes: (count) => new Uint8Array(count).fill(++made),
  };
}
