import { z } from 'zod';
import { budgetPeriodSchema, budgetScopeSchema, onLimitSchema } from '../budget/budget.ts';
import {
  agentNameSchema,
  approvalIdSchema,
  artifactIdSchema,
  messageIdSchema,
  runIdSchema,
  sessionIdSchema,
} from '../id.ts';
import { argumentPatternSchema } from '../approval/argument-pattern.ts';
import { jsonObjectSchema, jsonValueSchema } from '../json.ts';
import { assistantPartSchema, userPartSchema } from '../message.ts';
import { modelTierSchema } from '../model-tier.ts';
import { roleSchema } from '../role.ts';
import { ruleReferenceSchema } from '../policy/rule-reference.ts';
import { taintLabelSchema, taintSourceSchema } from '../policy/taint.ts';
import { runErrorSchema, waitReasonSchema } from '../run.ts';
import { limitPeriodSchema, limitResourceSchema, limitSubjectSchema } from '../limit.ts';
import { usageSchema } from '../usage.ts';

const callId = z.string().min(1).max(128);
const toolName = z.string().min(1).max(128);
const micros = z.int().nonnegative();

/** How a tool call ended. Every outcome but `succeeded` is told to the model in words. */
export const callOutcomes = ['succeeded', 'failed', 'denied', 'interrupted', 'unknown', 'cancelled'] as const;
/** Accepts how a tool call ended. */
export const callOutcomeSchema = z.enum(callOutcomes);
/** How a tool call ended. */
export type CallOutcome = z.infer<typeof callOutcomeSchema>;

/** What a person may decide: when a policy asks; when the outcome of an effect is unknown; when the run asks a question. */
export const approvalDecisions = ['approve', 'deny', 'repeat', 'done', 'failed', 'answer'] as const;
/** Accepts a person's decision. */
export const approvalDecisionSchema = z.enum(approvalDecisions);
/** A person's answer to an approval. */
export type ApprovalDecision = z.infer<typeof approvalDecisionSchema>;

/** What a person approved for the rest of a session. */
export const sessionGrantSchema = z.strictObject({
  approval_id: approvalIdSchema,
  /** The session in which it was given. */
  session_id: sessionIdSchema,
  tool: toolName,
  pattern: argumentPatternSchema,
  policy_version: z.string(),
  needed_role: roleSchema,
  labels: z.array(z.string()),
  granted_by: z.string(),
});
/** What a person approved for the rest of a session. */
export type SessionGrant = z.infer<typeof sessionGrantSchema>;

/** A file that a call has made, stored as an artifact. */
export const producedFileSchema = z.strictObject({
  artifact_id: artifactIdSchema,
  name: z.string(),
  media_type: z.string(),
  bytes: z.int().nonnegative(),
});
/** A file that a call has made, stored as an artifact. */
export type ProducedFileReference = z.infer<typeof producedFileSchema>;

const budgetFacts = {
  /** Id of the budget: `bud_...`, or of a file: `agent_support_day`. */
  budget: z.string(),
  scope: budgetScopeSchema,
  /** Id or name of what it is about; null for the tenant. */
  subject: z.string().nullable(),
  per: budgetPeriodSchema,
  account: z.string(),
  limit_micros: micros,
  spent_micros: micros,
};

/**
 * The data of each event kind in its current schema version. Kinds are noun-verb. A change that an older reader could
 * not understand gets a new version number and an upgrader in the platform's `domain/run/upgrade-event.ts`.
 */
export const eventDataSchemas = {
  /** The session was made by copying another one's events up to `from_seq`. */
  'session-forked': z.strictObject({ from_session_id: sessionIdSchema, from_seq: z.int().positive() }),
  /** A worker began the run. The definition it runs with is kept under its hash. */
  'run-started': z.strictObject({
    agent: agentNameSchema,
    definition_hash: z.string(),
    parent: z.strictObject({ run_id: runIdSchema, call_id: callId }).optional(),
    deadline_at: z.iso.datetime().optional(),
  }),
  /** A worker took the run up again after another one lost or gave back its lease. */
  'run-recovered': z.strictObject({
    cause: z.enum(['lease-expired', 'lease-returned']),
    lost_epoch: z.int().nonnegative(),
  }),
  /** A person (or a parent run) said something: the input, a message that steers a run, or an answer. */
  'message-added': z.strictObject({
    message_id: messageIdSchema,
    origin: z.enum(['input', 'steering']),
    parts: z.array(userPartSchema).min(1),
  }),
  /** A model failed to answer. `next_model` is the one tried after it; null when none was left. */
  'model-call-failed': z.strictObject({
    model: z.string(),
    code: z.string(),
    message: z.string(),
    attempts: z.int().positive(),
    next_model: z.string().nullable(),
  }),
  /** A model answered. The answer is stored before anything that it asks for starts. */
  'model-call-settled': z.strictObject({
    message_id: messageIdSchema,
    model: z.string(),
    parts: z.array(assistantPartSchema),
    finish_reason: z.enum(['stop', 'tool-calls', 'length', 'content-filter', 'error', 'other']),
    usage: usageSchema,
    cost_micros: micros.nullable(),
    first_token_ms: z.int().nonnegative(),
    duration_ms: z.int().nonnegative(),
    /** Set when no model was asked, because the same had been answered before. `saved_micros` is what that call cost then. */
    cached: z
      .strictObject({
        kind: z.enum(['exact', 'semantic']),
        answer_id: z.string(),
        /** How alike the questions are, for `semantic`. */
        similarity: z.number().optional(),
        saved_micros: micros.nullable(),
      })
      .optional(),
  }),
  /**
   * A question was placed in the space of meanings, to be compared with those that were answered before. Not a part of any reservation:
   * what it cost was charged to these accounts.
   */
  'question-embedded': z.strictObject({
    reservation_id: z.string(),
    model: z.string(),
    usage: usageSchema,
    cost_micros: micros.nullable(),
    charges: z.array(z.strictObject({ account: z.string(), slice: z.int().nonnegative() })),
  }),
  /** Which tier of models answers from here on. `asked` is what the question or the agent wants, `used` what money allows. */
  'model-tier-chosen': z.strictObject({
    asked: modelTierSchema,
    used: modelTierSchema,
    cause: z.enum(['complexity', 'agent', 'budget']),
    reason: z.string(),
  }),
  /** An effect is about to be executed. `idempotency_key` is handed to the tool, also when it is repeated. */
  'tool-call-claimed': z.strictObject({
    call_id: callId,
    tool: toolName,
    arguments_hash: z.string(),
    idempotency_key: z.string(),
    attempt: z.int().positive(),
    /** The approval that it runs under, where one was needed. */
    approval_id: approvalIdSchema.optional(),
  }),
  /** A claimed effect has no recorded outcome: its process died or its tool lost the connection. */
  'tool-call-unknown': z.strictObject({
    call_id: callId,
    tool: toolName,
    resolution: z.enum(['repeat', 'ask', 'tell-model']),
  }),
  /** A tool call has its one and only result. `content` is what the model reads. */
  'tool-call-settled': z.strictObject({
    call_id: callId,
    tool: toolName,
    outcome: callOutcomeSchema,
    content: z.string(),
    /** Set when the result was too large for the history: `content` is a preview of this artifact. */
    artifact: z.strictObject({ artifact_id: artifactIdSchema, bytes: z.int().nonnegative() }).optional(),
    /** Files that the call has made. */
    files: z.array(producedFileSchema).optional(),
    duration_ms: z.int().nonnegative(),
  }),
  /** The run looked for tools; from here on its models know of these too. References as in agent files, best first. */
  'tools-found': z.strictObject({ call_id: callId, task: z.string(), tools: z.array(z.string()) }),
  /** Something came into the context that is not to be trusted, or that must not leave unseen. Once for each label and source. */
  'context-tainted': z.strictObject({
    label: taintLabelSchema,
    source: taintSourceSchema,
    call_id: callId.optional(),
    tool: toolName.optional(),
    /** Where it came from: a host, a file's name, an agent. */
    origin: z.string().max(200).optional(),
  }),
  /** The run asked the person a question through the tool `ask_user`. */
  'input-requested': z.strictObject({
    call_id: callId,
    question: z.string(),
    options: z.array(z.string()).optional(),
    /** The record under which it can be answered, like an approval; logs from before have none. */
    approval_id: approvalIdSchema.optional(),
    /** The tool asks while its call goes on: the run does not wait, and the answer is not the call's result. */
    during_call: z.boolean().optional(),
  }),
  /** How far a call has come that is under way; at most one a second for each call. */
  'tool-call-progressed': z.strictObject({
    call_id: callId,
    tool: toolName,
    message: z.string().max(1_000),
    /** From 0 to 1, where the tool knows. */
    share: z.number().min(0).max(1).optional(),
  }),
  /** A call needs the consent of a person at another service; the run waits until it was given under the address. */
  'authorization-requested': z.strictObject({
    call_id: callId,
    tool: toolName,
    /** The service, as the project names it: `mcp:tickets`. */
    server: z.string().max(200),
    url: z.url().max(4_000),
    expires_at: z.iso.datetime(),
  }),
  /** The run set a timer through the tool `wait_until`. */
  'timer-set': z.strictObject({ call_id: callId, wake_at: z.iso.datetime() }),
  /** The run delegated work to another agent. */
  'child-run-started': z.strictObject({
    call_id: callId,
    agent: agentNameSchema,
    child_run_id: runIdSchema,
    child_session_id: sessionIdSchema,
  }),
  /** A person must decide about one call. */
  'approval-requested': z.strictObject({
    approval_id: approvalIdSchema,
    call_id: callId,
    tool: toolName,
    reason: z.enum(['policy', 'unknown-outcome']),
    /** SHA-256 of the canonical JSON of the checked arguments. */
    arguments_hash: z.string(),
    /** The beginning of the arguments as a person is shown them. */
    arguments_preview: z.string(),
    policy_version: z.string(),
    /** What whoever decides must at least be. */
    needed_role: roleSchema,
    /** What the run had taken in when it asked: `untrusted`, `private`. */
    labels: z.array(z.string()),
    /** The rule that asks, with its place, and why; absent where the platform itself asks. */
    rule: ruleReferenceSchema.optional(),
    why: z.string().optional(),
    decisions: z.array(approvalDecisionSchema).min(1),
    expires_at: z.iso.datetime(),
  }),
  /** A person (or, by `expire`, the time that was left) decided, once. */
  'approval-decided': z.strictObject({
    approval_id: approvalIdSchema,
    call_id: callId,
    decision: z.enum([...approvalDecisions, 'expire']),
    decided_by: z.string(),
    reason: z.string().optional(),
    /** The arguments that a person put in place of the model's: canonical JSON, and its hash. */
    edited: z.strictObject({ arguments: z.string(), arguments_hash: z.string() }).optional(),
    /** Calls like it need no decision for the rest of this session; a copy of the session does not have it. */
    for_session: z.strictObject({ session_id: sessionIdSchema, pattern: argumentPatternSchema }).optional(),
  }),
  /** A call runs without a question because a person approved calls like it for the session. */
  'approval-applied': z.strictObject({
    approval_id: approvalIdSchema,
    call_id: callId,
    tool: toolName,
    arguments_hash: z.string(),
    policy_version: z.string(),
  }),
  /** Money was set aside before a model call, on the account of every budget that covers it. */
  'cost-reserved': z.strictObject({
    reservation_id: z.string(),
    /** The dearest model that may be asked. */
    model: z.string(),
    micros,
    charges: z.array(z.strictObject({ account: z.string(), slice: z.int().nonnegative() })),
  }),
  /**
   * The reservation was replaced by what the call really cost. `lost`: nobody knows what it cost, so all of the reservation counts as spent.
   * `released`: nothing was sent to a model.
   */
  'cost-settled': z.strictObject({
    reservation_id: z.string(),
    micros,
    flag: z.enum(['lost', 'released']).optional(),
  }),
  /** A budget has spent a share of its limit: told once for each threshold and period. */
  'budget-alerted': z.strictObject({ ...budgetFacts, threshold: z.int().positive() }),
  /** A hard budget does not allow the next model call. */
  /** The run's next model call would pass a rate limit: the run waits for tokens, or fails. */
  'limit-reached': z.strictObject({
    subject: limitSubjectSchema,
    resource: limitResourceSchema,
    per: limitPeriodSchema,
    limit: z.int().positive(),
    on_limit: z.enum(['wait', 'fail']),
    resumes_at: z.iso.datetime().optional(),
  }),
  'budget-reached': z.strictObject({
    ...budgetFacts,
    reserved_micros: micros,
    needed_micros: micros,
    on_limit: onLimitSchema,
    /** When the run tries again by itself; absent: when the budget is raised. */
    resumes_at: z.iso.datetime().optional(),
  }),
  /** The run gave up its lease until something happens. */
  'run-suspended': z.strictObject({ waiting_for: waitReasonSchema, until: z.iso.datetime().optional() }),
  /** What the run waited for has happened. */
  'run-resumed': z.strictObject({ waited_for: waitReasonSchema }),
  /** Messages before `kept_from_seq` are replaced by `summary` when a model is asked. They stay in the log. */
  'history-compacted': z.strictObject({
    summary: z.string(),
    kept_from_seq: z.int().positive(),
    method: z.enum(['model', 'excerpt']),
    tokens_before: z.int().nonnegative(),
    tokens_after: z.int().nonnegative(),
    /** What was approved for the session up to here: a fold that begins later needs it. */
    grants: z.array(sessionGrantSchema).optional(),
    /** What the summary cost; absent when no model was asked. */
    call: z
      .strictObject({ model: z.string(), usage: usageSchema, cost_micros: micros.nullable() })
      .optional(),
    /** What the context had been labelled with before, so that the log need not be read from its beginning. */
    taint: z.array(z.strictObject({ label: taintLabelSchema, source: taintSourceSchema })).optional(),
    /** References of the tools that were found by searching before. */
    found_tools: z.array(z.string()).optional(),
    /** Addresses that the person had written before. */
    typed_addresses: z.array(z.string()).optional(),
  }),
  /** The run makes no progress; the model was told. The next time it is stopped. */
  'progress-warned': z.strictObject({
    pattern: z.enum(['repeated-call', 'repeated-error', 'oscillation']),
    tool: toolName,
    count: z.int().positive(),
  }),
  'run-succeeded': z.strictObject({ message_id: messageIdSchema.optional(), text: z.string() }),
  'run-failed': z.strictObject({ error: runErrorSchema }),
  'run-cancelled': z.strictObject({ reason: z.string(), cancelled_by: z.string() }),
  /** A failed run goes on from its last good turn, with fresh turn and time limits. */
  'run-retried': z.strictObject({
    attempt: z.int().min(2),
    requested_by: z.string(),
    deadline_at: z.iso.datetime().optional(),
  }),
  /** Free-form fact of an extension; the fold ignores it. */
  'note-added': z.strictObject({ topic: z.string(), data: z.record(z.string(), jsonValueSchema) }),
} as const;

/** Metadata object that clients may attach to runs and sessions. */
export const metadataSchema = jsonObjectSchema.refine(
  (value) => JSON.stringify(value).length <= 16_384,
  'must be at most 16,384 characters of JSON',
);
