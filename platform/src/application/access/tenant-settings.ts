import type { TenantSettings } from '@batuta/contract';
import type { Clock } from '../../port/clock.ts';
import type { TenantStore } from '../../port/tenant-store.ts';

/** How long what was read is used: a change in another process counts here at most this much later. */
const freshMs = 5_000;
const mostCached = 10_000;

interface Cached {
  settings: Promise<TenantSettings>;
  until: number;
}

/** The settings of tenants as the whole platform reads them: from memory, looked up again after five seconds. */
export class TenantSettingsReader {
  readonly #store: Pick<TenantStore, 'settings'>;
  readonly #clock: Clock;
  readonly #cache = new Map<string, Cached>();

  constructor(store: Pick<TenantStore, 'settings'>, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** What a tenant has set. Those who ask at the same time share one look-up. */
  read(tenantId: string): Promise<TenantSettings> {
    const cached = this.#cache.get(tenantId);
    if (cached !== undefined && cached.until > this.#clock.now()) return cached.settings;
    const settings = this.#store.settings(tenantId);
    this.forget(tenantId);
    // The oldest makes room: a map keeps the order in which its keys were set.
    if (this.#cache.size >= mostCached) this.#cache.delete(this.#cache.keys().next().value ?? '');
    const entry = { settings, until: this.#clock.now() + freshMs };
    this.#cache.set(tenantId, entry);
    settings.catch(() => {
      if (this.#cache.get(tenantId) === entry) this.#cache.delete(tenantId);
    });
    return settings;
  }

  /** Called after a change in this process. */
  forget(tenantId: string): void {
    this.#cache.delete(tenantId);
  }
}
