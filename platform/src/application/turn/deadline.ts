import type { AgentDefinition } from '@batuta/contract';
import type { Clock } from '../../port/clock.ts';

/** ISO instant at which a run of this agent that begins now must have ended. */
export function deadlineOf(clock: Clock, definition: AgentDefinition): string {
  return new Date(clock.now() + definition.limits.minutes * 60_000).toISOString();
}
