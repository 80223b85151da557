import {
  BatutaError,
  type AcceptedRunBody,
  type ChangeSchedule,
  type CreateSchedule,
  type Schedule,
  type SchedulePreview,
} from '@batuta/contract';
import type { ScheduleDefinition, ScheduleRecord } from '../../port/schedule-store.ts';
import { requesterOf, type Identity } from '../access/identity.ts';
import type { Page, PageRequest } from '../application.ts';
import { auditEntry } from '../audit/audit-entry.ts';
import { pageOf, readPageCursor } from '../page.ts';
import { instant } from '../run/render-run.ts';
import { checkSchedule, invalid } from './check-schedule.ts';
import { runOf, timesOf } from './fire-schedule.ts';
import { describeSchedule, renderSchedules } from './render-schedule.ts';
import type { ScheduleContext } from './schedule-context.ts';
import { enqueueFiring } from './schedule-jobs.ts';

/** Schedules that a tenant may have. */
const scheduleLimit = 500;

/** Adds a schedule. Errors: `agent-unknown`, `session-unknown`, `request-invalid`, `schedule-limit-reached`. */
export async function createSchedule(
  context: ScheduleContext,
  identity: Identity,
  body: CreateSchedule,
): Promise<Schedule> {
  const definition = definitionOf(body);
  await checkSchedule(context, identity, definition);
  const id = context.ids.create('schedule');
  const schedule = { ...definition, id, ...ownedBy(context, identity, definition) };
  const after = describeSchedule(definition);
  const audit = auditEntry(identity, { action: 'schedule-added', target: id, after });
  const stored = await context.schedules.add(schedule, { limit: scheduleLimit, audit });
  await plan(context, stored);
  return await renderOne(context, stored);
}

/** One schedule. Errors: `schedule-unknown`. */
export async function getSchedule(
  context: ScheduleContext,
  identity: Identity,
  id: string,
): Promise<Schedule> {
  return await renderOne(context, await findSchedule(context, identity, id));
}

/** Schedules of the tenant, newest first. Errors: `cursor-invalid`. */
export async function listSchedules(
  context: ScheduleContext,
  { tenantId }: Identity,
  page: PageRequest,
): Promise<Page<Schedule>> {
  const before = readPageCursor(page.cursor);
  const records = await context.schedules.list(tenantId, {
    limit: page.limit + 1,
    ...(before === undefined ? {} : { before }),
  });
  const { items, next_cursor } = pageOf(records, page.limit, {
    render: (record) => record,
    key: (record) => record.id,
  });
  return { items: await renderSchedules(context, tenantId, items), next_cursor };
}

/**
 * Changes a schedule. From then on runs are started in the name of the one who changed it. Errors: `schedule-unknown` and those of
 * `createSchedule`.
 */
export async function changeSchedule(
  context: ScheduleContext,
  identity: Identity,
  { id, body }: { id: string; body: ChangeSchedule },
): Promise<Schedule> {
  const present = await findSchedule(context, identity, id);
  const definition = changed(present, body);
  // A single time that is over does not keep the rest from being changed.
  await checkSchedule(context, identity, {
    ...definition,
    at: definition.at === present.at ? null : definition.at,
  });
  const schedule = { ...definition, id, ...ownedBy(context, identity, definition) };
  const [before, after] = [describeSchedule(present), describeSchedule(definition)];
  const audit = auditEntry(identity, { action: 'schedule-changed', target: id, before, after });
  const stored = await context.schedules.replace(schedule, audit);
  if (!stored) throw new BatutaError('schedule-unknown', { id });
  await plan(context, stored);
  return await renderOne(context, stored);
}

/** Deletes a schedule; its runs stay. Errors: `schedule-unknown`. */
export async function deleteSchedule(
  context: ScheduleContext,
  identity: Identity,
  id: string,
): Promise<void> {
  const before = describeSchedule(await findSchedule(context, identity, id));
  const audit = auditEntry(identity, { action: 'schedule-deleted', target: id, before });
  const target = { tenantId: identity.tenantId, id };
  if (!(await context.schedules.delete(target, audit))) throw new BatutaError('schedule-unknown', { id });
}

/** Starts a run of a schedule now, besides its times, in the name of the one who asks. Errors: `schedule-unknown`, those of a run. */
export async function runSchedule(
  context: ScheduleContext,
  identity: Identity,
  { id, idempotencyKey }: { id: string; idempotencyKey: string | undefined },
): Promise<AcceptedRunBody> {
  const record = await findSchedule(context, identity, id);
  return await context.acceptor.accept(identity, runOf(record, null), idempotencyKey);
}

/** The next times of a cron expression. Errors: `request-invalid`. */
export function previewSchedule(
  { calendar, clock }: ScheduleContext,
  asked: { cron: string; time_zone: string; count: number },
): SchedulePreview {
  const times = { cron: asked.cron, timeZone: asked.time_zone };
  const fault = calendar.faultOf(times);
  if (fault) throw invalid(`query.${fault.field}`, fault.reason);
  return { times: calendar.next(times, clock.now(), asked.count).map(instant) };
}

async function renderOne(context: ScheduleContext, record: ScheduleRecord): Promise<Schedule> {
  const [schedule] = await renderSchedules(context, record.tenantId, [record]);
  if (!schedule) throw new BatutaError('schedule-unknown', { id: record.id });
  return schedule;
}

async function findSchedule(
  { schedules }: ScheduleContext,
  { tenantId }: Identity,
  id: string,
): Promise<ScheduleRecord> {
  const record = await schedules.get(tenantId, id);
  if (!record) throw new BatutaError('schedule-unknown', { id });
  return record;
}

function ownedBy({ calendar, clock }: ScheduleContext, identity: Identity, definition: ScheduleDefinition) {
  const { tenantId } = identity;
  const nextDueAt = timesOf(calendar, definition).next(clock.now());
  return { tenantId, requestedBy: requesterOf(identity), nextDueAt };
}

/** Has a job wait for a time that comes soon. It is stored in any case: a sweep finds it should this not succeed. */
async function plan(context: ScheduleContext, stored: ScheduleRecord): Promise<void> {
  if (!stored.enabled) return;
  await enqueueFiring(context, stored, stored.nextDueAt).catch((error: unknown) => {
    context.log.warn('a schedule waits for the next sweep', { schedule_id: stored.id, error });
  });
}

function definitionOf(body: CreateSchedule): ScheduleDefinition {
  const { name, agent, input, metadata, cron = null, overlap, enabled } = body;
  const at = body.at === undefined ? null : Date.parse(body.at);
  const missed = body.missed ?? (at === null ? 'skip' : 'run-once');
  const when = { cron, at, timeZone: body.time_zone, missed, overlap, enabled };
  return { name, agent, input, sessionId: body.session_id, metadata, ...when };
}

function changed(present: ScheduleRecord, body: ChangeSchedule): ScheduleDefinition {
  const { name, agent, input, metadata, missed, overlap, enabled } = { ...present, ...definedOf(body) };
  const sessionId = body.session_id === undefined ? present.sessionId : body.session_id;
  const timeZone = body.time_zone ?? present.timeZone;
  const what = { name, agent, input, sessionId, metadata, timeZone, missed, overlap, enabled };
  if (body.cron !== undefined) return { ...what, cron: body.cron, at: null };
  if (body.at !== undefined) return { ...what, cron: null, at: Date.parse(body.at) };
  return { ...what, cron: present.cron, at: present.at };
}

function definedOf({ name, agent, input, metadata, missed, overlap, enabled }: ChangeSchedule) {
  return {
    ...(name === undefined ? {} : { name }),
    ...(agent === undefined ? {} : { agent }),
    ...(input === undefined ? {} : { input }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(missed === undefined ? {} : { missed }),
    ...(overlap === undefined ? {} : { overlap }),
    ...(enabled === undefined ? {} : { enabled }),
  };
}
