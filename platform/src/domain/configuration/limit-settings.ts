import { examplePlans, planNamePattern, plansSchema, unlimited } from '../limit/plan.ts';
import { choice, integer, structured, textOr } from './setting.ts';

/** How often and how much each tenant, user, key and address may use the platform. */
export const limitSettings = {
  plans: structured({
    variable: 'BATUTA_LIMITS_PLANS',
    about: 'Named limits that tenants can have; docs/guide/limits.md explains them.',
    range: 'a map from the name of a plan to tenant, user, key, address and tools with their limits',
    schema: plansSchema,
    default: examplePlans,
  }),
  defaultPlan: textOr({
    variable: 'BATUTA_LIMITS_DEFAULT_PLAN',
    about: 'Plan of tenants that have none of their own; unlimited is always there and limits nothing.',
    range: 'the name of a plan in limits.plans, or unlimited',
    pattern: planNamePattern,
    default: unlimited,
  }),
  addressRequestsPerMinute: integer({
    variable: 'BATUTA_LIMITS_ADDRESS_REQUESTS_PER_MINUTE',
    about: 'Requests of one network address (of IPv6: one /64), whoever asks; 0: no limit.',
    default: 0,
    min: 0,
    max: 1_000_000,
  }),
  addressFailuresPerMinute: integer({
    variable: 'BATUTA_LIMITS_ADDRESS_FAILURES_PER_MINUTE',
    about: 'Wrong keys and login links that one network address may try; 0: no limit.',
    default: 30,
    min: 0,
    max: 1_000_000,
  }),
  tokenWaitSeconds: integer({
    variable: 'BATUTA_LIMITS_TOKEN_WAIT_SECONDS',
    about: 'How long a model call waits for tokens before its run lets go of its worker.',
    default: 5,
    min: 0,
    max: 60,
  }),
  onTokenLimit: choice({
    variable: 'BATUTA_LIMITS_ON_TOKEN_LIMIT',
    about: 'What a run does that has no tokens left for longer: wait until there are some, or fail.',
    words: ['wait', 'fail'],
    default: 'wait',
  }),
};
