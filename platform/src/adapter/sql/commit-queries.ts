import type { NewCachedAnswer } from '../../port/answer-cache.ts';
import type { NewArtifact } from '../../port/artifact.ts';
import type { AccountState, Lease, NewApproval, RunProjection, TurnCommit } from '../../port/run-record.ts';
import type { Announcement } from '../../port/webhook-store.ts';
import { acceptQueries } from './accept-run.ts';
import { alertQueries, chargeValues, ledgerQueries } from './charge-queries.ts';
import { toEventRows } from './event-rows.ts';
import type { Query } from './statement.ts';
import { addApproval } from './statement/add-approval.ts';
import { addArtifact } from './statement/add-artifact.ts';
import { expireApprovals, withdrawApprovals } from './statement/close-approvals.ts';
import { addCachedAnswer } from './statement/cached-answer.ts';
import { chargeAccounts } from './statement/charge-accounts.ts';
import { claimEffects } from './statement/claim-effects.ts';
import { commitTurn } from './statement/commit-turn.ts';
import { leaveSignal } from './statement/leave-signal.ts';
import { settleEffects } from './statement/settle-effects.ts';
import { takeSignals } from './statement/take-signals.ts';
import { touchSession } from './statement/touch-session.ts';
import { addDeliveries } from './statement/webhook-delivery.ts';
import { storableText } from './storable-text.ts';

/** A child run waits in the queue however long that is: its parent was let in already. */
const unlimited = { start: null, queueLimit: 2_147_483_647 };

/**
 * The queries of a commit. The first is the fence: when it fails none of the others takes place. Most commits have only it. What fills
 * the outbox, if anything does, is the last.
 */
export function commitQueries(turn: TurnCommit): Query[] {
  return [
    fence(turn),
    ...effectQueries(turn),
    ...turn.artifacts.map((artifact) => artifactQuery(turn.lease, artifact)),
    ...turn.children.flatMap((child) => acceptQueries(child, unlimited, false)),
    ...turn.approvals.map((approval) => approvalQuery(turn.lease, approval)),
    ...closingQueries(turn),
    ...ledgerQueries(turn.lease.runId, turn.ledger),
    ...turn.cachedAnswers.map((answer) => cachedAnswerQuery(turn.lease, answer)),
    ...signalQueries(turn),
    ...(turn.run.status === 'running' ? [] : [touchSession(turn.lease.sessionId)]),
    ...alertQueries(turn.lease, turn.alerts),
    ...outboxQueries(turn.lease.tenantId, turn.announcements),
    ...chargeQueries(turn),
  ];
}

/** Fills the outbox; nothing where nothing is announced. */
export function outboxQueries(
  tenantId: string,
  announcements: readonly Announcement[] = [],
): Query<{ webhook_id: string }>[] {
  if (announcements.length === 0) return [];
  return [
    addDeliveries(
      tenantId,
      announcements.map((each) => each.messageId),
      announcements.map((each) => each.kind),
      JSON.stringify(announcements.map((each) => each.data)),
    ),
  ];
}

/** Last, and known to be there by its place. */
export function chargeQueries({ lease, charges }: TurnCommit): Query<AccountState>[] {
  return charges.length === 0 ? [] : [chargeAccounts(...chargeValues(lease.tenantId, charges))];
}

function fence({ lease, firstSeq, events, run, signalsTakenTo }: TurnCommit): Query {
  const rows = toEventRows(events);
  const { usage } = run;
  return commitTurn(
    lease.runId,
    lease.epoch,
    firstSeq,
    run.status,
    run.waitingFor,
    run.wakeAt === null ? null : new Date(run.wakeAt),
    run.turns,
    run.attempt,
    usage.input_tokens,
    usage.cached_input_tokens,
    usage.cache_write_tokens,
    usage.output_tokens,
    usage.reasoning_tokens,
    run.costMicros,
    run.outputText === null ? null : storableText(run.outputText),
    errorJson(run),
    run.startedSeq,
    signalsTakenTo,
    rows.kinds,
    rows.versions,
    rows.data,
  );
}

function errorJson(run: RunProjection): string | null {
  return run.error === null ? null : JSON.stringify(run.error);
}

function effectQueries({ lease, claims, settlements }: TurnCommit): Query[] {
  const queries: Query[] = [];
  if (settlements.length > 0) {
    const callIds = settlements.map((settlement) => storableText(settlement.callId));
    const outcomes = settlements.map((settlement) => settlement.outcome);
    queries.push(settleEffects(lease.runId, callIds, outcomes));
  }
  if (claims.length > 0) {
    const callIds = claims.map((claim) => storableText(claim.callId));
    const tools = claims.map((claim) => storableText(claim.tool));
    const hashes = claims.map((claim) => claim.argumentsHash);
    const attempts = claims.map((claim) => claim.attempt);
    queries.push(claimEffects(lease.runId, lease.tenantId, callIds, tools, hashes, attempts));
  }
  return queries;
}

function artifactQuery(lease: Lease, { id, name, mediaType, content, labels = [] }: NewArtifact): Query {
  return addArtifact(
    id,
    lease.tenantId,
    lease.sessionId,
    lease.runId,
    storableText(name),
    mediaType,
    content,
    labels,
  );
}

function approvalQuery(lease: Lease, approval: NewApproval): Query {
  return addApproval(
    approval.id,
    lease.tenantId,
    lease.sessionId,
    lease.runId,
    storableText(approval.callId),
    storableText(approval.tool),
    JSON.stringify(approval.arguments),
    approval.argumentsHash,
    approval.policyVersion,
    approval.reason,
    approval.decisions,
    approval.neededRole,
    approval.labels,
    approval.requestedBy === null ? null : storableText(approval.requestedBy),
    approval.question === null ? null : JSON.stringify(approval.question),
    approval.expiresAt === null ? null : new Date(approval.expiresAt),
    approval.rule === null ? null : JSON.stringify(approval.rule),
    approval.why === null ? null : storableText(approval.why),
  );
}

function closingQueries({ closings }: TurnCommit): Query[] {
  const idsOf = (as: string) => closings.filter((closing) => closing.as === as).map(({ id }) => id);
  const expired = idsOf('expired');
  const withdrawn = idsOf('withdrawn');
  return [
    ...(expired.length > 0 ? [expireApprovals(expired)] : []),
    ...(withdrawn.length > 0 ? [withdrawApprovals(withdrawn)] : []),
  ];
}

function cachedAnswerQuery({ tenantId, sessionId }: Lease, answer: NewCachedAnswer): Query {
  const { id, partition, key, model, parts, costMicros, question, keptMs } = answer;
  return addCachedAnswer(
    id,
    tenantId,
    sessionId,
    partition,
    key,
    model,
    JSON.stringify(parts),
    costMicros,
    question === null ? null : storableText(question.text),
    question?.embedding ?? null,
    keptMs,
  );
}

const unfinished = ['queued', 'running', 'waiting'] as const;

function signalQueries({ lease, signalsTakenTo, parentSignal }: TurnCommit): Query[] {
  const queries: Query[] = [];
  if (signalsTakenTo > 0) queries.push(takeSignals(lease.runId, signalsTakenTo));
  if (parentSignal) {
    const { runId, signal } = parentSignal;
    queries.push(leaveSignal(runId, unfinished, signal.kind, JSON.stringify(signal.data)));
  }
  return queries;
}
