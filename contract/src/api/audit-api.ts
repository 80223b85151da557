import { z } from 'zod';
import { jsonObjectSchema } from '../json.ts';

/** What an entry of the audit log is about. */
export const auditKindSchema = z.enum(['access', 'change', 'decision', 'security']);

/** One entry of the audit log: who did what to what, from where, and how it ended. */
export const auditEntrySchema = z.strictObject({
  seq: z.int().positive(),
  at: z.iso.datetime(),
  kind: auditKindSchema,
  action: z.string(),
  actor: z.strictObject({
    kind: z.enum(['user', 'key', 'system', 'anonymous']),
    id: z.string(),
    name: z.string().nullable(),
  }),
  key_id: z.string().nullable(),
  target: z.string().nullable(),
  outcome: z.enum(['succeeded', 'refused', 'failed']),
  reason: z.string().nullable(),
  address: z.string().nullable(),
  user_agent: z.string().nullable(),
  /** How often, where equal accesses of one second were counted together. */
  count: z.int().positive(),
  before: jsonObjectSchema.nullable(),
  after: jsonObjectSchema.nullable(),
  /** SHA-256 over the entry and the hash of the one before it. */
  hash: z.string(),
});
/** An entry of the audit log as the API shows it. */
export type AuditLogEntry = z.infer<typeof auditEntrySchema>;

/** One page of the audit log, newest first. */
export const auditPageSchema = z.strictObject({
  items: z.array(auditEntrySchema),
  next_cursor: z.string().nullable(),
});
/** One page of the list of entries. */
export type AuditPage = z.infer<typeof auditPageSchema>;

const instant = z.iso.datetime({ offset: true });
const word = z.string().min(1).max(512);

/** Which entries of the audit log are wanted. */
export const auditFilterSchema = z.strictObject({
  since: instant.optional(),
  until: instant.optional(),
  kind: auditKindSchema.optional(),
  action: word.optional(),
  actor: word.optional(),
  target: word.optional(),
});
/** A filter of the audit log. */
export type AuditLogFilter = z.infer<typeof auditFilterSchema>;

/** Query of `GET /v1/audit`. */
export const listAuditSchema = auditFilterSchema.extend({
  cursor: z.string().max(256).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
/** Which page of the audit log, as a client asks. */
export type ListAudit = z.input<typeof listAuditSchema>;

const anchorPattern = /^\d{1,15}:[0-9a-f]{64}(?:,\d{1,15}:[0-9a-f]{64}){0,19}$/;

/** Query of `GET /v1/audit/verification`. */
export const verifyAuditSchema = z.strictObject({
  /** Only from the first entry at or after this time on. */
  since: instant.optional(),
  /** Heads of the chain that were kept outside of the database: `<seq>:<hash>`, separated by commas. */
  anchors: z.string().regex(anchorPattern, 'must be <seq>:<hash>, several separated by commas').optional(),
});
/** What to verify, as a client asks. */
export type VerifyAudit = z.input<typeof verifyAuditSchema>;

/** What a verification of the audit log found. */
export const auditVerificationSchema = z.strictObject({
  intact: z.boolean(),
  /** Entries that were looked at and found to be as they were written. */
  verified: z.int().nonnegative(),
  first_seq: z.int().positive().nullable(),
  /** The end of the chain. Keep it outside of the database: as an anchor it shows later that nothing up to here was changed. */
  head: z.strictObject({ seq: z.int().positive(), hash: z.string() }).nullable(),
  /** The last entry that retention has cut away, and its hash, as the chain says; null: nothing was cut. */
  cut: z.strictObject({ seq: z.int().positive(), hash: z.string() }).nullable(),
  /** Numbers of given anchors that were cut away, and can no longer be compared. */
  unchecked_anchors: z.array(z.int().nonnegative()),
  /** The first fault; null when there is none. */
  fault: z
    .strictObject({
      kind: z.enum([
        'changed',
        'missing',
        'cut-off',
        'beyond-head',
        'before-cut',
        'cut-unproven',
        'anchor-mismatch',
      ]),
      seq: z.int().positive(),
      explanation: z.string(),
    })
    .nullable(),
});
/** The result of a verification. */
export type AuditVerification = z.infer<typeof auditVerificationSchema>;
