import type { Clock } from '../../port/clock.ts';

/** How many calls of a provider may be under way in this process, and how much of that one tenant may have. */
export interface PlaceRule {
  /** Calls of one provider at the same time. */
  places: number;
  /** Share of them that one tenant may have while others use the provider, too. */
  tenantShare: number;
}

/** Who used a provider within so long counts as somebody for whom places are kept. */
const presentMs = 60_000;

const mostWaiting = 10_000;
const mostPresent = 1_000;

/** A call that waits for a place. */
interface Waiting {
  tenantId: string;
  admit: () => void;
}

/** The calls of one provider. */
interface Provider {
  underWay: number;
  byTenant: Map<string, number>;
  /** In order of arrival. */
  waiting: Set<Waiting>;
  /** When each tenant was last here. */
  seen: Map<string, number>;
}

/** A place: taken until it is left. */
export type Place = { leave(): void };

/**
 * The places of all providers in this process: a bulkhead. A call takes a place while it is under way. When all are taken, calls wait, and
 * those of the tenant that has the fewest under way come first, then who came first. No tenant may have all places of a provider while
 * others use it; one that is alone may.
 */
export class ProviderPlaces {
  readonly #clock: Pick<Clock, 'monotonic' | 'after'>;
  readonly #rule: PlaceRule;
  readonly #providers = new Map<string, Provider>();

  constructor(clock: Pick<Clock, 'monotonic' | 'after'>, rule: PlaceRule) {
    this.#clock = clock;
    this.#rule = rule;
  }

  /** A place; null when none becomes free within `waitMs`. Rejects with the signal's reason when it aborts. */
  enter(
    name: string,
    tenantId: string,
    bounds: { waitMs: number; signal: AbortSignal },
  ): Place | Promise<Place | null> {
    const provider = this.#provider(name);
    this.#see(provider, tenantId);
    if (this.#mayEnter(provider, tenantId)) return this.#take(provider, tenantId);
    return this.#wait(provider, tenantId, bounds);
  }

  #provider(name: string): Provider {
    const known = this.#providers.get(name);
    if (known) return known;
    const provider = { underWay: 0, byTenant: new Map(), waiting: new Set<Waiting>(), seen: new Map() };
    this.#providers.set(name, provider);
    return provider;
  }

  #see({ seen }: Provider, tenantId: string): void {
    seen.delete(tenantId);
    seen.set(tenantId, this.#clock.monotonic());
    if (seen.size > mostPresent) seen.delete(seen.keys().next().value ?? '');
  }

  #mayEnter(provider: Provider, tenantId: string): boolean {
    const { places } = this.#rule;
    if (provider.underWay >= places) return false;
    const own = provider.byTenant.get(tenantId) ?? 0;
    return own < this.#most(provider, tenantId);
  }

  #most({ seen }: Provider, tenantId: string): number {
    const { places, tenantShare } = this.#rule;
    const since = this.#clock.monotonic() - presentMs;
    // The one seen last of all others: a map keeps the order in which its keys were set.
    const isAlone = ![...seen].some(([tenant, at]) => tenant !== tenantId && at >= since);
    return isAlone ? places : Math.max(1, Math.floor(places * tenantShare));
  }

  #take(provider: Provider, tenantId: string): Place {
    provider.underWay += 1;
    provider.byTenant.set(tenantId, (provider.byTenant.get(tenantId) ?? 0) + 1);
    let isLeft = false;
    return {
      leave: () => {
        if (isLeft) return;
        isLeft = true;
        this.#leave(provider, tenantId);
      },
    };
  }

  #leave(provider: Provider, tenantId: string): void {
    const own = (provider.byTenant.get(tenantId) ?? 1) - 1;
    provider.underWay -= 1;
    if (own > 0) provider.byTenant.set(tenantId, own);
    else provider.byTenant.delete(tenantId);
    this.#next(provider)?.admit();
  }

  /** Who gets the place that is free now. */
  #next(provider: Provider): Waiting | undefined {
    let next: { waiting: Waiting; own: number } | undefined;
    const looked = new Set<string>();
    for (const waiting of provider.waiting) {
      if (looked.has(waiting.tenantId)) continue;
      looked.add(waiting.tenantId);
      const own = provider.byTenant.get(waiting.tenantId) ?? 0;
      const isBetter = next === undefined || own < next.own;
      if (isBetter && this.#mayEnter(provider, waiting.tenantId)) next = { waiting, own };
    }
    return next?.waiting;
  }

  #wait(
    provider: Provider,
    tenantId: string,
    { waitMs, signal }: { waitMs: number; signal: AbortSignal },
  ): Promise<Place | null> {
    if (provider.waiting.size >= mostWaiting) return Promise.resolve(null);
    return new Promise((resolve, reject) => {
      const end = () => {
        provider.waiting.delete(waiting);
        stopTimer();
        signal.removeEventListener('abort', abort);
      };
      const abort = () => {
        end();
        reject(signal.reason);
      };
      const waiting: Waiting = {
        tenantId,
        admit: () => {
          end();
          resolve(this.#take(provider, tenantId));
        },
      };
      const stopTimer = this.#clock.after(waitMs, () => {
        end();
        resolve(null);
      });
      provider.waiting.add(waiting);
      if (signal.aborted) abort();
      else signal.addEventListener('abort', abort, { once: true });
    });
  }
}
