import type { LimitPeriod } from '@batuta/contract';
import type { Identity } from '../../../application/access/identity.ts';
import type { Standing } from '../../../application/limit/permit-desk.ts';
import type { Exchange } from '../exchange.ts';

const windowSeconds: Readonly<Record<LimitPeriod, number>> = { minute: 60, day: 86_400 };

/** Counts a request against the limits of the one who asks, and tells in the answer how they stand. Errors: `rate-limited`. */
export async function countRequest(exchange: Exchange, identity: Identity): Promise<void> {
  const admitted = exchange.door.application.limits.admit(identity);
  const standings = admitted instanceof Promise ? await admitted : admitted;
  if (standings.length > 0) Object.assign(exchange.headers, limitHeaders(standings));
}

/** What one limit allows, how much of it is left, and in how many seconds all of it can be used again. */
interface ShownLimit {
  name: string;
  quota: number;
  window: number;
  left: number;
  reset: number;
}

/** The limits as draft-ietf-httpapi-ratelimit-headers has them, and the scarcest also in its older three headers. */
function limitHeaders(standings: readonly Standing[]): Record<string, string> {
  const shown = standings.map(({ bucket: { rule, perSecond }, left }) => ({
    name: nameOf(rule),
    quota: rule.limit,
    window: windowSeconds[rule.per],
    left: Math.floor(left),
    reset: Math.ceil((rule.limit - left) / perSecond),
  }));
  return renderLimits(shown);
}

/** The headers of the answer that tells that a limit is reached. */
export function reachedHeaders(reached: {
  subject: string;
  resource: string;
  per: LimitPeriod;
  limit: number;
  retry_after_seconds: number;
}): Record<string, string> {
  const { limit, per, retry_after_seconds: reset } = reached;
  return renderLimits([{ name: nameOf(reached), quota: limit, window: windowSeconds[per], left: 0, reset }]);
}

function renderLimits(shown: readonly ShownLimit[]): Record<string, string> {
  const scarcest = shown.reduce((one, other) =>
    other.left / other.quota < one.left / one.quota ? other : one,
  );
  return {
    'ratelimit-policy': shown.map(({ name, quota, window }) => `"${name}";q=${quota};w=${window}`).join(', '),
    ratelimit: shown.map(({ name, left, reset }) => `"${name}";r=${left};t=${reset}`).join(', '),
    'ratelimit-limit': String(scarcest.quota),
    'ratelimit-remaining': String(scarcest.left),
    'ratelimit-reset': String(scarcest.reset),
  };
}

function nameOf({ subject, resource, per }: { subject: string; resource: string; per: string }): string {
  return `${subject}-${resource}-${per}`;
}
