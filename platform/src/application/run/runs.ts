import {
  BatutaError,
  isEnded,
  type Run,
  type RunInput,
  type RunStatus,
  type UserPart,
} from '@batuta/contract';
import type { RunRecord } from '../../port/run-record.ts';
import type { Identity } from '../access/identity.ts';
import { isVisible, visibleFilter } from '../access/visibility.ts';
import { recordDecision } from '../approval/decide-approval.ts';
import type { Page, PageRequest } from '../application.ts';
import { pageOf, readPageCursor } from '../page.ts';
import type { EngineContext } from '../turn/engine-context.ts';
import { readInput } from './read-input.ts';
import { renderRun } from './render-run.ts';
import { requestCancel } from './request-cancel.ts';

/** One run. Errors: `run-unknown`. */
export async function getRun(engine: EngineContext, identity: Identity, id: string): Promise<Run> {
  return renderRun(await findRun(engine, identity, id));
}

/** Runs of the tenant, newest first. Errors: `cursor-invalid`. */
export async function listRuns(
  engine: EngineContext,
  identity: Identity,
  filter: PageRequest & { session_id?: string | undefined; status?: RunStatus | undefined },
): Promise<Page<Run>> {
  const before = readPageCursor(filter.cursor);
  const records = await engine.runs.list(identity.tenantId, {
    limit: filter.limit + 1,
    ...visibleFilter(identity),
    ...(before === undefined ? {} : { before }),
    ...(filter.session_id === undefined ? {} : { sessionId: filter.session_id }),
    ...(filter.status === undefined ? {} : { status: filter.status }),
  });
  return pageOf(records, filter.limit, { render: renderRun, key: (record) => record.id });
}

/** Cancels a run that has not ended. Errors: `run-unknown`, `run-state-conflict`. */
export async function cancelRun(
  engine: EngineContext,
  identity: Identity,
  request: { id: string; reason: string | undefined },
): Promise<Run> {
  const run = await findRun(engine, identity, request.id);
  const outcome = isEnded(run.status)
    ? 'ended'
    : await requestCancel(
        engine,
        { tenantId: identity.tenantId, runId: run.id },
        { reason: request.reason ?? 'Cancelled on request.', cancelledBy: identity.name },
      );
  const now = await findRun(engine, identity, request.id);
  if (outcome === 'ended') throw conflict(now, 'cancel', 'queued, running or waiting');
  return renderRun(now);
}

/** Steers a run, or answers its question. Errors: `run-unknown`, `run-state-conflict`. */
export async function addMessage(
  engine: EngineContext,
  identity: Identity,
  request: { id: string; input: RunInput },
): Promise<Run> {
  const run = await findRun(engine, identity, request.id);
  const { parts, artifacts } = readInput(engine.ids, request.input);
  if (artifacts.length > 0) {
    const issues = [{ path: 'input', message: 'files can only be sent with a new run' }];
    throw new BatutaError('request-invalid', { summary: 'a message to a run carries text only', issues });
  }
  if (await answeredQuestion(engine, identity, { run, parts })) {
    return renderRun(await findRun(engine, identity, request.id));
  }
  const updated = await engine.runs.signal(
    { tenantId: identity.tenantId, runId: run.id },
    { kind: 'message', data: { messageId: engine.ids.create('message'), parts } },
    { allowed: ['queued', 'running', 'waiting'], action: 'a message' },
  );
  wake(engine, updated);
  return renderRun(updated);
}

/**
 * A message answers the oldest open question of its run, through the same record as every other door does; when somebody else was
 * faster it is a message like any other.
 */
async function answeredQuestion(
  engine: EngineContext,
  identity: Identity,
  { run, parts }: { run: RunRecord; parts: readonly UserPart[] },
): Promise<boolean> {
  const question = isEnded(run.status)
    ? undefined
    : await engine.approvals.openQuestion(identity.tenantId, run.id);
  if (!question) return false;
  const answer = parts.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
  try {
    const decision = { decision: 'answer', decidedBy: identity.name, answer } as const;
    await recordDecision(engine, identity, { record: question, decision });
    return true;
  } catch (error) {
    if (BatutaError.has(error, 'approval-decided-already')) return false;
    if (BatutaError.has(error, 'approval-withdrawn')) return false;
    throw error;
  }
}

/** Lets a failed run go on from its last good turn. Errors: `run-unknown`, `run-state-conflict`. */
export async function retryRun(engine: EngineContext, identity: Identity, id: string): Promise<Run> {
  const run = await findRun(engine, identity, id);
  const updated = await engine.runs.signal(
    { tenantId: identity.tenantId, runId: run.id },
    { kind: 'retry', data: { requestedBy: identity.name } },
    { allowed: ['failed'], action: 'retry' },
  );
  wake(engine, updated);
  return renderRun(updated);
}

function wake(engine: EngineContext, run: RunRecord): void {
  if (run.status === 'queued') engine.notify.queued(run.id);
  else engine.notify.signalled(run.id);
}

/** A run that somebody may see. Errors: `run-unknown`. */
export async function findRun(engine: EngineContext, identity: Identity, id: string): Promise<RunRecord> {
  const run = await engine.runs.get(identity.tenantId, id);
  if (!run || !isVisible(identity, run.ownerId)) throw new BatutaError('run-unknown', { id });
  return run;
}

function conflict(run: RunRecord, action: string, needed: string): BatutaError {
  return new BatutaError('run-state-conflict', { id: run.id, status: run.status, action, needed });
}
