import type { Limit, Limits } from '@batuta/contract';
import { bucketOf, millisecondsUntil } from '../../domain/limit/bucket.ts';
import { unlimited, type Plan } from '../../domain/limit/plan.ts';
import type { Clock } from '../../port/clock.ts';
import type { Log } from '../../port/log.ts';
import type { RateLimiter } from '../../port/rate-limiter.ts';
import { addressBlock } from './address-block.ts';
import { BoundedMap } from './bounded-map.ts';
import { limitReached } from './limit-reached.ts';
import { LoginGuard, type Attempt } from './login-guard.ts';
import type { Party } from './party.ts';
import { LimitsOfParties, type PartyLimits } from './party-limits.ts';
import { PermitDesk, type PermitCounter, type Refusal, type Standing } from './permit-desk.ts';
import { PlanBook, type NamedPlan } from './plan-book.ts';
import { UsageMeter } from './usage-meter.ts';

/** What limits are told by the configuration. 0: no limit. */
export interface LimitSettings {
  plans: Readonly<Record<string, Plan>>;
  defaultPlan: string;
  addressRequestsPerMinute: number;
  addressFailuresPerMinute: number;
  /** How long a call waits for tokens in the hands of its worker. */
  tokenWaitMs: number;
  /** What a run does that would wait longer. */
  onTokenLimit: 'wait' | 'fail';
}

/** Settings under which nothing is limited. */
export const noLimits: LimitSettings = {
  plans: {},
  defaultPlan: unlimited,
  addressRequestsPerMinute: 0,
  addressFailuresPerMinute: 0,
  tokenWaitMs: 0,
  onTokenLimit: 'wait',
};

/** What limits are made of. Contract: the rate limiter does not reject. */
export interface LimitParts {
  limiter: RateLimiter;
  settings: LimitSettings;
  /** Name of a tenant's plan; undefined: the default one. */
  planOfTenant: (tenantId: string) => Promise<string | undefined>;
  clock: Clock;
  log: Log;
}

const none: readonly Standing[] = [];

const mostAddresses = 10_000;

/** All limits of this process: who asks how often, and how much is used. */
export class LimitKeeper {
  readonly #parts: LimitParts;
  readonly #book: PlanBook;
  readonly #desk: PermitDesk;
  readonly #meter: UsageMeter;
  readonly #parties: LimitsOfParties;
  readonly #guard: LoginGuard;
  readonly #addresses = new BoundedMap<string, PermitCounter>(mostAddresses);

  constructor(parts: LimitParts) {
    this.#parts = parts;
    this.#book = new PlanBook({ ...parts, ...parts.settings });
    this.#desk = new PermitDesk(parts);
    this.#meter = new UsageMeter(parts);
    this.#parties = new LimitsOfParties(this.#desk);
    const failuresPerMinute = parts.settings.addressFailuresPerMinute;
    this.#guard = new LoginGuard({ meter: this.#meter, clock: parts.clock, failuresPerMinute });
  }

  /** Names of the plans that a tenant can have. */
  get planNames(): string[] {
    return this.#book.names;
  }

  get tokenWaitMs(): number {
    return this.#parts.settings.tokenWaitMs;
  }

  get onTokenLimit(): 'wait' | 'fail' {
    return this.#parts.settings.onTokenLimit;
  }

  /** Counts a request of an address. Errors: `rate-limited`. */
  async enter(address: string | null): Promise<void> {
    const limit = this.#parts.settings.addressRequestsPerMinute;
    if (address === null || limit === 0) return;
    const owner = addressBlock(address);
    const rule = { subject: 'address', resource: 'requests', per: 'minute', limit } as const;
    const counter = this.#addresses.getOrMake(owner, () =>
      this.#desk.counter([bucketOf(rule, { tenantId: null, owner })]),
    );
    const refusal = await counter.take();
    if (refusal) throw limitReached(refusal);
  }

  /** Lets an attempt to enter through unless too many failed at its address. Errors: `rate-limited`, and those of the work. */
  watch<T extends object>(attempt: Attempt, work: () => Promise<T>): Promise<T> {
    return this.#guard.watch(attempt, work);
  }

  /** Counts a request. Answers at once where this process knows the answer. Errors: `rate-limited`. */
  admit(party: Party): readonly Standing[] | Promise<readonly Standing[]> {
    const plan = this.#book.planOf(party.tenantId);
    if (plan instanceof Promise) return plan.then((found) => this.#admit(party, found));
    return this.#admit(party, plan);
  }

  /** Refuses new work of a party that has no tokens left. Errors: `rate-limited`. */
  async requireTokens(party: Party): Promise<void> {
    const wait = await this.tokenWait(party);
    if (wait) throw limitReached(wait);
  }

  /** Null: the party may use tokens. Otherwise the limit that it must wait for. */
  tokenWait(party: Party): Refusal | null | Promise<Refusal | null> {
    const plan = this.#book.planOf(party.tenantId);
    if (plan instanceof Promise) return plan.then((found) => this.#tokenWait(this.#parties.of(party, found)));
    return this.#tokenWait(this.#parties.of(party, plan));
  }

  /** Whether tokens of a party may have to be counted. */
  countsTokens(party: Party): boolean {
    const plan = this.#book.planOf(party.tenantId);
    return plan instanceof Promise || this.#parties.of(party, plan).tokens.length > 0;
  }

  /** Counts tokens that were used; less than 0 gives some back. Returns at once. */
  chargeTokens(party: Party, tokens: number): void {
    const plan = this.#book.planOf(party.tenantId);
    const charge = (found: NamedPlan) => this.#meter.charge(this.#parties.of(party, found).tokens, tokens);
    if (!(plan instanceof Promise)) return charge(plan);
    plan.then(charge).catch((error: unknown) => this.#parts.log.warn('tokens cannot be counted', { error }));
  }

  /** One call of a tool: null, or the limit that forbids it. */
  takeCall(tenantId: string, tool: string): Refusal | null | Promise<Refusal | null> {
    const plan = this.#book.planOf(tenantId);
    const take = (found: NamedPlan) => this.#parties.ofTool(tenantId, tool, found)?.counter.take() ?? null;
    return plan instanceof Promise ? plan.then(take) : take(plan);
  }

  /** The limits of a party and what is left of them, as the API shows them. */
  async report(party: Party): Promise<Limits> {
    const plan = await this.#book.planOf(party.tenantId);
    const { requests, tokens } = this.#parties.of(party, plan);
    const tools = this.#parties.ofAllTools(party.tenantId, plan);
    const counters = [...(requests ? [requests] : []), ...tools.map(({ counter }) => counter)];
    await Promise.all([
      ...counters.map((each) => each.look()),
      this.#meter.refresh(tokens, { always: true }),
    ]);
    const used = tokens.map((bucket) => ({ bucket, left: this.#meter.left(bucket) }));
    return {
      plan: plan.name,
      limits: [
        ...[...(requests?.standings() ?? none), ...used].map((standing) => render(standing)),
        ...tools.flatMap(({ pattern, counter }) => counter.standings().map((each) => render(each, pattern))),
      ],
    };
  }

  /** Counts what was not counted yet: the last thing before the shared buckets are closed. */
  async stop(): Promise<void> {
    await this.#meter.flush();
  }

  #admit(party: Party, plan: NamedPlan): readonly Standing[] | Promise<readonly Standing[]> {
    const { requests } = this.#parties.of(party, plan);
    if (requests === null) return none;
    const verdict = requests.take();
    if (verdict instanceof Promise) return verdict.then((found) => standingsUnless(found, requests));
    return standingsUnless(verdict, requests);
  }

  #tokenWait({ tokens }: PartyLimits): Refusal | null | Promise<Refusal | null> {
    const look = this.#meter.refresh(tokens);
    const find = () => {
      const wait = this.#meter.wait(tokens);
      return wait && { bucket: wait.bucket, retryAfterMs: wait.ms };
    };
    return look === undefined ? find() : look.then(find);
  }
}

function standingsUnless(refusal: Refusal | null, counter: PermitCounter): readonly Standing[] {
  if (refusal) throw limitReached(refusal);
  return counter.standings();
}

function render({ bucket, left }: Standing, tool?: string): Limit {
  const { limit } = bucket.rule;
  return {
    ...bucket.rule,
    ...(tool === undefined ? {} : { tool }),
    left: Math.max(0, Math.min(limit, Math.floor(left))),
    full_in_seconds: Math.ceil(millisecondsUntil(bucket, left, limit) / 1000),
  };
}
