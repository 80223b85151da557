import type { SessionLimits } from '../application/access/access-dependencies.ts';
import type { Configuration } from '../domain/configuration/settings.ts';

const hourMs = 60 * 60_000;

/** How long browsers stay signed in, from the configuration. */
export function sessionLimits({ auth }: Configuration): SessionLimits {
  return { idleMs: auth.sessionIdleHours * hourMs, longestMs: auth.sessionDays * 24 * hourMs };
}
