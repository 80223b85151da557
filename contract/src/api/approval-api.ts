import { z } from 'zod';
import { argumentPatternSchema } from '../approval/argument-pattern.ts';
import { approvalDecisionSchema } from '../event/event-data.ts';
import { approvalIdSchema, approvalLinkIdSchema, runIdSchema, sessionIdSchema } from '../id.ts';
import { jsonObjectSchema } from '../json.ts';
import { ruleReferenceSchema } from '../policy/rule-reference.ts';
import { roleSchema } from '../role.ts';

/**
 * Where an approval stands. `pending`: it waits for its one decision. `decided`: it has it. `expired`: nobody decided in time.
 * `withdrawn`: its run ended without it.
 */
export const approvalStatuses = ['pending', 'decided', 'expired', 'withdrawn'] as const;

/** Something that waits for a person: an approval, an unknown outcome, a question of the run. */
export const approvalSchema = z.strictObject({
  id: approvalIdSchema,
  status: z.enum(approvalStatuses),
  run_id: runIdSchema,
  session_id: sessionIdSchema,
  call_id: z.string(),
  tool: z.string(),
  /** Exactly what would run: canonical JSON of the checked arguments. */
  arguments: z.string(),
  /** SHA-256 of `arguments`. */
  arguments_hash: z.string(),
  reason: z.enum(['policy', 'unknown-outcome', 'question']),
  policy_version: z.string(),
  /** The rule that asks, with its place, and why; null where the platform itself asks. */
  rule: ruleReferenceSchema.nullable(),
  why: z.string().nullable(),
  /** Who asked for the run; null where it is not known. */
  requested_by: z.string().nullable(),
  /** What whoever decides must at least be. */
  needed_role: roleSchema,
  /** What the run had taken in when it asked: `untrusted`, `private`. */
  labels: z.array(z.string()),
  /** The question of a run, and what can be chosen. */
  question: z.string().nullable(),
  options: z.array(z.string()).nullable(),
  decisions: z.array(approvalDecisionSchema),
  decision: approvalDecisionSchema.nullable(),
  decided_by: z.string().nullable(),
  decision_reason: z.string().nullable(),
  /** The arguments that were put in place of the model's, as canonical JSON. */
  edited_arguments: z.string().nullable(),
  /** Which calls were approved with it for the rest of the session. */
  pattern: argumentPatternSchema.nullable(),
  answer: z.string().nullable(),
  created_at: z.iso.datetime(),
  /** Null: it waits as long as its run does. */
  expires_at: z.iso.datetime().nullable(),
  decided_at: z.iso.datetime().nullable(),
});
/** Something that waits for a person, as the API shows it. */
export type Approval = z.infer<typeof approvalSchema>;

/** Body of `POST /v1/approvals/{id}`. */
export const decideApprovalSchema = z
  .strictObject({
    decision: approvalDecisionSchema,
    reason: z.string().max(500).optional(),
    /** With `approve`: runs the call with these arguments instead. */
    arguments: jsonObjectSchema.optional(),
    /** With `approve`: calls that match need no decision for the rest of the session. The pattern must match this call. */
    for_session: z.strictObject({ pattern: argumentPatternSchema }).optional(),
    /** With `answer`: what the run is told. */
    answer: z.string().trim().min(1).max(20_000).optional(),
  })
  .refine(({ decision, answer }) => (decision === 'answer') === (answer !== undefined), {
    error: 'the decision "answer" needs an answer, and no other decision has one',
    path: ['answer'],
  })
  .refine((body) => body.decision === 'approve' || body.arguments === undefined, {
    error: 'can only be given with the decision "approve"',
    path: ['arguments'],
  })
  .refine((body) => body.decision === 'approve' || body.for_session === undefined, {
    error: 'can only be given with the decision "approve"',
    path: ['for_session'],
  });
/** Body of a decision about an approval. */
export type DecideApproval = z.infer<typeof decideApprovalSchema>;

/** Query of `GET /v1/approvals`. */
export const listApprovalsSchema = z.strictObject({
  /** `true`: only those that wait for a decision. */
  pending: z.stringbool().default(false),
  run_id: runIdSchema.optional(),
  session_id: sessionIdSchema.optional(),
  tool: z.string().min(1).max(128).optional(),
  cursor: z.string().max(256).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
/** Which approvals to list, as a client asks. */
export interface ListApprovals {
  pending?: boolean;
  run_id?: string;
  session_id?: string;
  tool?: string;
  cursor?: string;
  limit?: number;
}
/** One page of approvals, newest first. */
export const approvalPageSchema = z.strictObject({
  items: z.array(approvalSchema),
  next_cursor: z.string().nullable(),
});
/** One page of the list of approvals. */
export type ApprovalPage = z.infer<typeof approvalPageSchema>;

/** Body of `POST /v1/approvals/{id}/links`: a link by which somebody without a key decides this approval, once. */
export const createApprovalLinkSchema = z.strictObject({
  /** Who gets it: the decision is recorded under this name. */
  recipient: z.string().trim().min(1).max(120),
  /** What it allows; absent: everything that the approval offers. */
  decisions: z.array(approvalDecisionSchema).min(1).max(8).optional(),
  /** It never outlives the approval. */
  expires_in_hours: z.int().min(1).max(168).default(24),
});
/** Body of a link to an approval, as a client sends it. */
export type CreateApprovalLink = z.input<typeof createApprovalLinkSchema>;
/** Body of a link to an approval, with the defaults filled in. */
export type ApprovalLinkOrder = z.infer<typeof createApprovalLinkSchema>;

/** A link to an approval. `url` holds its secret and is shown only here. */
export const approvalLinkSchema = z.strictObject({
  id: approvalLinkIdSchema,
  approval_id: approvalIdSchema,
  recipient: z.string(),
  decisions: z.array(approvalDecisionSchema),
  url: z.string(),
  expires_at: z.iso.datetime(),
});
/** A link to an approval. */
export type ApprovalLink = z.infer<typeof approvalLinkSchema>;

/** A link to an approval as it can be looked at later: without its secret. */
export const approvalLinkInfoSchema = z.strictObject({
  id: approvalLinkIdSchema,
  approval_id: approvalIdSchema,
  recipient: z.string(),
  decisions: z.array(approvalDecisionSchema),
  /** Name of the user or key that made it. */
  created_by: z.string(),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
  used_at: z.iso.datetime().nullable(),
  used_decision: approvalDecisionSchema.nullable(),
  /** When it was taken back, and by whom. */
  revoked_at: z.iso.datetime().nullable(),
  revoked_by: z.string().nullable(),
});
/** A link to an approval, without its secret. */
export type ApprovalLinkInfo = z.infer<typeof approvalLinkInfoSchema>;
/** Every link of an approval, oldest first; there are never more than twenty. */
export const approvalLinkListSchema = z.strictObject({ items: z.array(approvalLinkInfoSchema) });
/** Every link of an approval. */
export type ApprovalLinkList = z.infer<typeof approvalLinkListSchema>;
