import { z } from 'zod';
import { metadataSchema } from '../event/event-data.ts';
import { agentNameSchema, runIdSchema, scheduleIdSchema, sessionIdSchema } from '../id.ts';
import { jsonObjectSchema } from '../json.ts';

/** What becomes of times that passed while nobody could start a run. */
export const missedPolicies = ['skip', 'run-once', 'run-all'] as const;
/** Accepts what becomes of times that passed while nobody could start a run. */
export const missedPolicySchema = z.enum(missedPolicies);
/** What becomes of times that passed while nobody could start a run. */
export type MissedPolicy = z.infer<typeof missedPolicySchema>;

/** What happens when a time comes while the run of the time before has not ended. */
export const overlapPolicies = ['skip', 'queue'] as const;
/** Accepts what happens when a time comes while the run of the time before has not ended. */
export const overlapPolicySchema = z.enum(overlapPolicies);
/** What happens when a time comes while the run of the time before has not ended. */
export type OverlapPolicy = z.infer<typeof overlapPolicySchema>;

const cronSchema = z
  .string()
  .max(200)
  .regex(/^(?:@[a-z]+|\S+(?:\s+\S+){4})$/, 'must be five fields such as "0 9 * * MON-FRI", or @daily');

const fields = {
  name: z.string().trim().min(1).max(100),
  agent: agentNameSchema,
  /** What the agent is told. */
  input: z.string().min(1).max(100_000),
  /** The session that every run continues; absent: each run has one of its own. */
  session_id: sessionIdSchema.nullable(),
  metadata: metadataSchema,
  /** Minute, hour, day of month, month, day of week; names and @hourly, @daily, @weekly, @monthly, @yearly. */
  cron: cronSchema,
  /** Once, at this time. */
  at: z.iso.datetime({ offset: true }),
  /** IANA name such as `Europe/Madrid`, in which `cron` is read. */
  time_zone: z.string().min(1).max(64),
  missed: missedPolicySchema,
  overlap: overlapPolicySchema,
  enabled: z.boolean(),
};

/** Body of `POST /v1/schedules`. */
export const createScheduleSchema = z
  .strictObject({
    name: fields.name,
    agent: fields.agent,
    input: fields.input,
    session_id: fields.session_id.default(null),
    metadata: fields.metadata.default({}),
    cron: fields.cron.optional(),
    at: fields.at.optional(),
    time_zone: fields.time_zone.default('UTC'),
    /** `skip`, and for a single time `run-once`. */
    missed: fields.missed.optional(),
    overlap: fields.overlap.default('skip'),
    enabled: fields.enabled.default(true),
  })
  .refine((body) => (body.cron === undefined) !== (body.at === undefined), 'must have either cron or at');
/** Body of `POST /v1/schedules`, with the defaults filled in. */
export type CreateSchedule = z.infer<typeof createScheduleSchema>;
/** Body of `POST /v1/schedules`, as a client sends it. */
export type CreateScheduleInput = z.input<typeof createScheduleSchema>;

/** Body of `PATCH /v1/schedules/{id}`: what is absent stays as it is; `cron` and `at` take each other's place. */
export const changeScheduleSchema = z
  .strictObject(fields)
  .partial()
  .refine((body) => Object.values(body).some((value) => value !== undefined), 'must change something')
  .refine((body) => body.cron === undefined || body.at === undefined, 'must not have both cron and at');
/** Body of `PATCH /v1/schedules/{id}`. */
export type ChangeSchedule = z.infer<typeof changeScheduleSchema>;

/**
 * What came of a time: a run, nothing because the run before had not ended, nothing because it was too late, nothing because its owner may not
 * start runs at present, or an error.
 */
export const firingOutcomes = ['started', 'skipped', 'missed', 'withheld', 'failed'] as const;
/** Accepts what came of a time. */
export const firingOutcomeSchema = z.enum(firingOutcomes);
/** What came of a time. */
export type FiringOutcome = z.infer<typeof firingOutcomeSchema>;

/** Times at which runs are started, as the API shows them. */
export const scheduleSchema = z.strictObject({
  id: scheduleIdSchema,
  name: z.string(),
  agent: agentNameSchema,
  input: z.string(),
  session_id: sessionIdSchema.nullable(),
  metadata: jsonObjectSchema,
  cron: z.string().nullable(),
  at: z.iso.datetime().nullable(),
  time_zone: z.string(),
  missed: missedPolicySchema,
  overlap: overlapPolicySchema,
  enabled: z.boolean(),
  /** Name of the one in whose name runs are started: who made the schedule, or changed last what it does. */
  requested_by: z.string(),
  /** Why no run is started at present, because of what became of its owner; null when one would be. */
  withheld: z.string().nullable(),
  /** The next times, at most five; none when it is disabled or over. */
  upcoming: z.array(z.iso.datetime()),
  last_due_at: z.iso.datetime().nullable(),
  last_outcome: firingOutcomeSchema.nullable(),
  last_run_id: runIdSchema.nullable(),
  last_error: z.string().nullable(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});
/** Times at which runs are started. */
export type Schedule = z.infer<typeof scheduleSchema>;

/** One page of schedules, newest first. */
export const schedulePageSchema = z.strictObject({
  items: z.array(scheduleSchema),
  next_cursor: z.string().nullable(),
});
/** One page of the list of schedules. */
export type SchedulePage = z.infer<typeof schedulePageSchema>;

/** Query of `GET /v1/schedules/preview`. */
export const previewScheduleSchema = z.strictObject({
  cron: cronSchema,
  time_zone: z.string().min(1).max(64).default('UTC'),
  count: z.coerce.number().int().min(1).max(100).default(10),
});
/** Which times to preview, as a client asks. */
export type PreviewSchedule = z.input<typeof previewScheduleSchema>;
/** Answer of `GET /v1/schedules/preview`. */
export const schedulePreviewSchema = z.strictObject({ times: z.array(z.iso.datetime()) });
/** The next times of a cron expression. */
export type SchedulePreview = z.infer<typeof schedulePreviewSchema>;
