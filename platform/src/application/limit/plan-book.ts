import { unlimited, type Plan } from '../../domain/limit/plan.ts';
import type { Clock } from '../../port/clock.ts';
import type { Log } from '../../port/log.ts';
import { BoundedMap } from './bounded-map.ts';

/** A plan with its name. Contract: the same object as long as the plan is the same, so that what is made of it can be kept. */
export interface NamedPlan {
  name: string;
  plan: Plan;
}

/** What the plan book is made of. */
export interface PlanBookParts {
  plans: Readonly<Record<string, Plan>>;
  /** The plan of tenants that have none, or one that is not known here. */
  defaultPlan: string;
  /** Name of a tenant's plan. */
  planOfTenant: (tenantId: string) => Promise<string | undefined>;
  clock: Pick<Clock, 'monotonic'>;
  log: Log;
}

/** How long the plan of a tenant is believed without asking again. */
const believedMs = 1_000;

const mostTenants = 10_000;

/** Tells the plan of each tenant. */
export class PlanBook {
  readonly #parts: PlanBookParts;
  readonly #plans: ReadonlyMap<string, NamedPlan>;
  readonly #known = new BoundedMap<string, { plan: NamedPlan; until: number }>(mostTenants);
  readonly #warned = new Set<string>();

  constructor(parts: PlanBookParts) {
    this.#parts = parts;
    const all = { [unlimited]: {}, ...parts.plans };
    this.#plans = new Map(Object.entries(all).map(([name, plan]) => [name, { name, plan }]));
  }

  /** The names that a tenant's plan can have. */
  get names(): string[] {
    return [...this.#plans.keys()];
  }

  /** Answers at once where the plan was asked for a moment ago. */
  planOf(tenantId: string): NamedPlan | Promise<NamedPlan> {
    const known = this.#known.get(tenantId);
    if (known && known.until > this.#parts.clock.monotonic()) return known.plan;
    return this.#look(tenantId);
  }

  async #look(tenantId: string): Promise<NamedPlan> {
    const name = await this.#parts.planOfTenant(tenantId);
    const plan = this.#find(tenantId, name);
    this.#known.set(tenantId, { plan, until: this.#parts.clock.monotonic() + believedMs });
    return plan;
  }

  #find(tenantId: string, name: string | undefined): NamedPlan {
    const { defaultPlan, log } = this.#parts;
    const found = name === undefined ? undefined : this.#plans.get(name);
    if (found) return found;
    if (name !== undefined && !this.#warned.has(name)) {
      this.#warned.add(name);
      log.warn('a tenant has a plan that limits.plans does not have; it gets the default one', {
        tenant: tenantId,
        plan: name,
      });
    }
    return this.#plans.get(defaultPlan) ?? { name: unlimited, plan: {} };
  }
}
