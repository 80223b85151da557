import { BatutaError } from '@batuta/contract';
import { hintFor } from '../../domain/definition/nearest-word.ts';
import { visibleOwner } from '../../domain/identity/ownership.ts';
import type { ScheduleDefinition } from '../../port/schedule-store.ts';
import type { Identity } from '../access/identity.ts';
import type { ScheduleContext } from './schedule-context.ts';

/**
 * Whether a schedule could start runs for the one who writes it. Errors: `agent-unknown`, `request-invalid`, `session-unknown`,
 * `session-agent-conflict`.
 */
export async function checkSchedule(
  context: ScheduleContext,
  identity: Identity,
  schedule: ScheduleDefinition,
): Promise<void> {
  checkAgent(context, schedule.agent);
  checkTimes(context, schedule);
  if (schedule.sessionId !== null)
    await checkSession(context, identity, { ...schedule, id: schedule.sessionId });
}

function checkAgent({ agents }: ScheduleContext, agent: string): void {
  if (agents.find(agent)) return;
  const names = agents.list().map(({ definition }) => definition.name);
  throw new BatutaError('agent-unknown', { agent, hint: hintFor(agent, names) });
}

function checkTimes({ calendar, clock }: ScheduleContext, { cron, at, timeZone }: ScheduleDefinition): void {
  const fault = calendar.faultOf({ cron: cron ?? '@daily', timeZone });
  if (fault) throw invalid(`body.${fault.field}`, fault.reason);
  if (at !== null && at <= clock.now()) throw invalid('body.at', 'must be a time that is still to come');
}

async function checkSession(
  { sessions }: ScheduleContext,
  identity: Identity,
  { id, agent }: { id: string; agent: string },
): Promise<void> {
  const session = await sessions.get(identity.tenantId, id);
  const owner = visibleOwner(identity);
  if (!session || (owner !== null && session.ownerId !== owner))
    throw new BatutaError('session-unknown', { id });
  if (session.agent !== agent) throw new BatutaError('session-agent-conflict', { id, agent: session.agent });
}

/** The error of one field of a request. */
export function invalid(path: string, message: string): BatutaError {
  return new BatutaError('request-invalid', { summary: `${path}: ${message}`, issues: [{ path, message }] });
}
