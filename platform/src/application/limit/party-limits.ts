import { bucketOf, type Bucket } from '../../domain/limit/bucket.ts';
import { rulesFor, rulesForTool } from '../../domain/limit/plan-rules.ts';
import { BoundedMap } from './bounded-map.ts';
import { ownersOf, type Party } from './party.ts';
import type { PermitCounter, PermitDesk } from './permit-desk.ts';
import type { NamedPlan } from './plan-book.ts';

/** The limits of one party under one plan. `requests` and `tools` are null where there are none. */
export interface PartyLimits {
  plan: NamedPlan;
  requests: PermitCounter | null;
  tokens: readonly Bucket[];
}

/** The limits of calls of a tool by a tenant. `pattern` names the tools that share them. */
export interface ToolLimits {
  pattern: string;
  counter: PermitCounter;
}

const mostParties = 10_000;

/** The limits of parties and tools, made once as long as the plan of the tenant stays the same. */
export class LimitsOfParties {
  readonly #desk: PermitDesk;
  readonly #parties = new BoundedMap<string, PartyLimits>(mostParties);
  readonly #tools = new BoundedMap<string, { plan: NamedPlan; limits: ToolLimits | null }>(mostParties);

  constructor(desk: PermitDesk) {
    this.#desk = desk;
  }

  of(party: Party, plan: NamedPlan): PartyLimits {
    // Where a plan does not limit addresses, all of them are one: there are more of them than users.
    const address = plan.plan.address === undefined ? '' : (party.address ?? '');
    const name = `${party.tenantId}\n${party.userId ?? ''}\n${party.keyId ?? ''}\n${address}`;
    const known = this.#parties.get(name);
    if (known?.plan === plan) return known;
    const requests = bucketsOf(party, plan, 'requests');
    const limits = {
      plan,
      requests: requests.length === 0 ? null : this.#desk.counter(requests),
      tokens: bucketsOf(party, plan, 'tokens'),
    };
    this.#parties.set(name, limits);
    return limits;
  }

  ofTool(tenantId: string, tool: string, plan: NamedPlan): ToolLimits | null {
    const name = `${tenantId}\n${tool}`;
    const known = this.#tools.get(name);
    if (known?.plan === plan) return known.limits;
    const found = rulesForTool(plan.plan, tool);
    const buckets = found?.rules.map((rule) => bucketOf(rule, { tenantId, owner: found.pattern })) ?? [];
    const limits =
      found === null || buckets.length === 0
        ? null
        : { pattern: found.pattern, counter: this.#desk.counter(buckets) };
    this.#tools.set(name, { plan, limits });
    return limits;
  }

  /** The counters of all limits of tools that a plan has, by their patterns. */
  ofAllTools(tenantId: string, plan: NamedPlan): ToolLimits[] {
    const patterns = Object.keys(plan.plan.tools ?? {});
    return patterns.flatMap((pattern) => this.ofTool(tenantId, pattern, plan) ?? []);
  }
}

function bucketsOf(party: Party, { plan }: NamedPlan, resource: 'requests' | 'tokens'): Bucket[] {
  return ownersOf(party).flatMap(({ subject, owner }) =>
    rulesFor(plan, subject, resource).map((rule) => bucketOf(rule, { tenantId: party.tenantId, owner })),
  );
}
