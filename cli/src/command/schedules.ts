import type { CreateScheduleInput, MissedPolicy, OverlapPolicy, Schedule } from '@batuta/contract';
import { type CommandContext, exitCodes } from '../command-context.ts';
import { withClient } from '../connection/with-client.ts';
import { numberOption } from '../program/number-option.ts';
import { writeText } from '../terminal/io.ts';
import { formatMoment } from '../terminal/quantity.ts';
import { safeLine } from '../terminal/safe-text.ts';
import { renderTable } from '../terminal/table.ts';

/** Options of `batuta schedules add`. */
export interface AddScheduleOptions {
  name: string;
  cron?: string;
  at?: string;
  zone?: string;
  missed?: MissedPolicy;
  overlap?: OverlapPolicy;
  session?: string;
  disabled?: boolean;
}

/** `batuta schedules`: newest first. */
export async function listSchedules(context: CommandContext, options: { limit: string }): Promise<number> {
  const { io, say } = context;
  const limit = numberOption({ name: '--limit', value: options.limit, least: 1, most: 200 }, say);
  const page = await withClient(context, (client) => client.listSchedules({ limit }));
  const text = context.options.json
    ? `${JSON.stringify(page)}\n`
    : scheduleTable(context, page.items) + reasonsOf(context, page.items);
  await writeText(io.output, text);
  if (page.next_cursor !== null && !context.options.json)
    io.error.write(`${context.errorStyle.dim(say('table.more'))}\n`);
  return exitCodes.done;
}

function scheduleTable({ io, say, style }: CommandContext, schedules: readonly Schedule[]): string {
  if (schedules.length === 0) return `${say('empty.schedules')}\n`;
  const titles = [
    say('table.schedule'),
    say('table.name'),
    say('table.agent'),
    say('table.when'),
    say('table.upcoming'),
    say('table.last'),
  ];
  const rows = schedules.map((schedule) => [
    schedule.id,
    safeLine(schedule.name),
    schedule.agent,
    whenOf(schedule),
    nextOf(schedule, say),
    lastOf(schedule, say),
  ]);
  return renderTable({ titles, rows }, { columns: io.output.columns, style });
}

function whenOf({ cron, at, time_zone: zone }: Schedule): string {
  return cron === null ? formatMoment(at ?? '') : `${cron} (${zone})`;
}

function nextOf({ enabled, withheld, upcoming }: Schedule, say: CommandContext['say']): string {
  if (!enabled) return say('schedule.off');
  if (withheld !== null) return say('schedule.withheld');
  const [next] = upcoming;
  return next === undefined ? say('schedule.over') : formatMoment(next);
}

function lastOf({ last_due_at: at, last_outcome: outcome }: Schedule, say: CommandContext['say']): string {
  return at === null || outcome === null ? '' : `${formatMoment(at)}: ${say(`firing.${outcome}`)}`;
}

/** Why schedules start nothing at present, below the table. */
function reasonsOf({ say, style }: CommandContext, schedules: readonly Schedule[]): string {
  return schedules
    .filter(({ enabled, withheld }) => enabled && withheld !== null)
    .map(({ id, withheld }) => say('schedule.reason', { id, reason: safeLine(withheld ?? '') }))
    .map((line) => `${style.yellow(line)}\n`)
    .join('');
}

/** `batuta schedules add AGENT INPUT`. */
export async function addSchedule(
  context: CommandContext,
  work: { agent: string; input: string },
  options: AddScheduleOptions,
): Promise<number> {
  const schedule = await withClient(context, (client) => client.createSchedule(bodyOf(work, options)));
  return await tell(context, schedule, 'schedule.added');
}

function bodyOf(work: { agent: string; input: string }, options: AddScheduleOptions): CreateScheduleInput {
  const { name, cron, at, zone, missed, overlap, session, disabled } = options;
  const given = { cron, at, time_zone: zone, missed, overlap, session_id: session };
  const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { name, ...work, ...present, ...(disabled ? { enabled: false } : {}) };
}

/** `batuta schedules show ID`. */
export async function showSchedule(context: CommandContext, id: string): Promise<number> {
  const schedule = await withClient(context, (client) => client.getSchedule(id));
  const times = schedule.upcoming.slice(1).map((time) => `  ${formatMoment(time)}\n`);
  const text = context.options.json
    ? `${JSON.stringify(schedule, null, 2)}\n`
    : scheduleTable(context, [schedule]) + times.join('') + reasonsOf(context, [schedule]);
  await writeText(context.io.output, text);
  return exitCodes.done;
}

/** `batuta schedules enable ID`. */
export async function enableSchedule(context: CommandContext, id: string): Promise<number> {
  const schedule = await withClient(context, (client) => client.changeSchedule(id, { enabled: true }));
  return await tell(context, schedule, 'schedule.enabled');
}

/** `batuta schedules disable ID`. */
export async function disableSchedule(context: CommandContext, id: string): Promise<number> {
  const schedule = await withClient(context, (client) => client.changeSchedule(id, { enabled: false }));
  const sentence = context.say('schedule.disabled', { id: schedule.id });
  return await print(context, schedule, sentence);
}

/** `batuta schedules run ID`. */
export async function runSchedule(context: CommandContext, id: string): Promise<number> {
  const run = await withClient(context, (client) => client.runSchedule(id));
  return await print(context, run, context.say('schedule.run', { id: run.id }));
}

/** `batuta schedules delete ID`. */
export async function deleteSchedule(context: CommandContext, id: string): Promise<number> {
  await withClient(context, (client) => client.deleteSchedule(id));
  await writeText(
    context.io.output,
    context.options.json ? '' : `${context.say('schedule.deleted', { id })}\n`,
  );
  return exitCodes.done;
}

/** `batuta schedules preview CRON`. */
export async function previewSchedule(
  context: CommandContext,
  cron: string,
  options: { zone: string; count: string },
): Promise<number> {
  const count = numberOption({ name: '--count', value: options.count, least: 1, most: 100 }, context.say);
  const asked = { cron, time_zone: options.zone, count };
  const preview = await withClient(context, (client) => client.previewSchedule(asked));
  return await print(context, preview, preview.times.join('\n'));
}

async function tell(
  context: CommandContext,
  schedule: Schedule,
  sentence: 'schedule.added' | 'schedule.enabled',
): Promise<number> {
  const { id } = schedule;
  return await print(context, schedule, context.say(sentence, { id, next: nextOf(schedule, context.say) }));
}

async function print({ io, options }: CommandContext, answer: object, sentence: string): Promise<number> {
  await writeText(io.output, `${options.json ? JSON.stringify(answer) : sentence}\n`);
  return exitCodes.done;
}
