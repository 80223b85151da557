import { webhookKinds, type JsonObject, type NewEvent, type WebhookKind } from '@batuta/contract';
import type { Lease, RunProjection, RunRecord } from '../../port/run-record.ts';
import type { Announcement } from '../../port/webhook-store.ts';
import type { RunState } from '../run/state.ts';

const kinds: ReadonlySet<string> = new Set(webhookKinds);

/** What is known of the commit that an event stands in. */
export interface AnnouncedCommit {
  lease: Lease;
  /** Place in the log of the first event. */
  firstSeq: number;
  run: RunProjection;
  /** The run as its events tell it. */
  state: Pick<RunState, 'agent' | 'parent'>;
}

/** What webhooks can be told of a commit's events; for most commits nothing. */
export function announce(events: readonly NewEvent[], commit: AnnouncedCommit): Announcement[] {
  const announcements: Announcement[] = [];
  for (const [index, event] of events.entries()) {
    if (!isAnnounced(event.kind)) continue;
    const messageId = messageIdOf(commit.lease.sessionId, commit.firstSeq + index);
    announcements.push({ messageId, kind: event.kind, data: { ...runData(commit), ...eventData(event) } });
  }
  return announcements;
}

/** What webhooks are told of a run that was cancelled before a worker began it: it has no event. */
export function announceUnstarted(run: RunRecord): Announcement {
  const { id, sessionId, agent, parent } = run;
  const parentRun = parent ? { parent_run_id: parent.runId } : {};
  const ids = { run_id: id, session_id: sessionId, agent, ...parentRun };
  const data = { ...ids, status: 'cancelled', turns: 0, cost_usd: 0 };
  return { messageId: messageIdOf(id, 0), kind: 'run-cancelled', data };
}

/** The name of an event for receivers: the same in every attempt, and for every webhook. */
export function messageIdOf(id: string, place: number): string {
  return `evt_${id.slice(id.indexOf('_') + 1)}_${place}`;
}

function isAnnounced(kind: string): kind is WebhookKind {
  return kinds.has(kind);
}

function runData({ lease, run, state }: AnnouncedCommit): JsonObject {
  return {
    run_id: lease.runId,
    session_id: lease.sessionId,
    agent: state.agent,
    ...(state.parent ? { parent_run_id: state.parent.run_id } : {}),
    status: run.status,
    turns: run.turns,
    cost_usd: run.costMicros === null ? null : run.costMicros / 1_000_000,
  };
}

/** Ids, states and codes of an event. What people or models wrote is left out: who wants it asks the API with a key. */
function eventData(event: NewEvent): JsonObject {
  switch (event.kind) {
    case 'run-failed':
      return { error_code: event.data.error.code };
    case 'run-suspended':
      return {
        waiting_for: event.data.waiting_for,
        ...(event.data.until ? { until: event.data.until } : {}),
      };
    case 'approval-requested': {
      const { approval_id, call_id, tool, reason, expires_at } = event.data;
      return { approval_id, call_id, tool, reason, expires_at };
    }
    case 'approval-decided': {
      const { approval_id, call_id, decision } = event.data;
      return { approval_id, call_id, decision };
    }
    case 'budget-alerted':
    case 'budget-reached': {
      const { budget, scope, subject, per, limit_micros, spent_micros } = event.data;
      return { budget, scope, subject, per, limit_micros, spent_micros };
    }
    default:
      return {};
  }
}
