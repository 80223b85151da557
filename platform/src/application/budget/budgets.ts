import { BatutaError, type BudgetView, type ChangeBudget, type createBudgetSchema } from '@batuta/contract';
import type { z } from 'zod';
import { microsOf } from '../../domain/budget/budget.ts';
import { hintFor } from '../../domain/definition/nearest-word.ts';
import type { BudgetChange, BudgetRecord } from '../../port/budget-store.ts';
import type { SessionStore } from '../../port/session-store.ts';
import type { Identity } from '../access/identity.ts';
import type { Page, PageRequest } from '../application.ts';
import { auditEntry, detailOf } from '../audit/audit-entry.ts';
import { pageOf, readPageCursor } from '../page.ts';
import { findRun } from '../run/runs.ts';
import { getSession } from '../session/sessions.ts';
import type { EngineContext } from '../turn/engine-context.ts';
import { fileOfBudget, renderBudgets } from './render-budget.ts';

/** What looking after budgets takes. */
export interface BudgetsContext {
  engine: EngineContext;
  sessions: SessionStore;
}

/** A budget as a client wants it, checked. */
export type NewBudget = z.output<typeof createBudgetSchema>;

/** Budgets of the tenant and of all files, with what they have spent. Errors: `cursor-invalid`. */
export async function listBudgets(
  { engine }: BudgetsContext,
  { tenantId }: Identity,
  page: PageRequest,
): Promise<Page<BudgetView>> {
  const before = readPageCursor(page.cursor);
  const all = [...(await engine.money.store.list(tenantId)), ...engine.money.book.ofFiles()];
  const wanted = all
    .filter(({ id }) => before === undefined || id < before)
    .toSorted((one, other) => (one.id < other.id ? 1 : -1));
  const { items: shown, next_cursor } = pageOf(wanted, page.limit, {
    render: (budget) => budget,
    key: ({ id }) => id,
  });
  return { items: await renderBudgets(engine, tenantId, shown), next_cursor };
}

/** One budget. Errors: `budget-unknown`. */
export async function getBudget(
  { engine }: BudgetsContext,
  { tenantId }: Identity,
  id: string,
): Promise<BudgetView> {
  const all = [...engine.money.book.ofFiles(), ...(await engine.money.store.list(tenantId))];
  const found = all.find((budget) => budget.id === id);
  if (!found) throw new BatutaError('budget-unknown', { id });
  return await renderOne(engine, tenantId, found);
}

/** Sets a budget; runs that wait for one try again. Errors: `request-invalid`, those of its subject, `too-many-budgets`. */
export async function createBudget(
  context: BudgetsContext,
  identity: Identity,
  body: NewBudget,
): Promise<BudgetView> {
  const { engine } = context;
  await checkSubject(context, identity, body);
  const { scope, subject = null, per, limit_usd, hard, on_limit: onLimit, alerts } = body;
  const name = body.name ?? `${subject ?? ''} ${scope} per ${per}`.trim();
  const id = engine.ids.create('budget');
  const audit = auditEntry(identity, { action: 'budget-set', target: id, after: detailOf(body) });
  const limitMicros = microsOf(limit_usd);
  const budget = { id, name, scope, subject, per, limitMicros, hard, onLimit, alerts };
  const stored = await engine.money.store.create(identity.tenantId, budget, audit);
  await changed(engine, identity.tenantId);
  return await renderOne(engine, identity.tenantId, stored);
}

/** Changes a budget; runs that wait for one try again. Errors: `budget-unknown`, `budget-of-file`. */
export async function changeBudget(
  { engine }: BudgetsContext,
  identity: Identity,
  { id, body }: { id: string; body: ChangeBudget },
): Promise<BudgetView> {
  const present = await findChangeable(engine, identity, id);
  const change = changeOf(body);
  const before = Object.fromEntries(Object.entries(present).filter(([key]) => Object.hasOwn(change, key)));
  const audit = auditEntry(identity, {
    action: 'budget-changed',
    target: id,
    before: detailOf(before),
    after: detailOf(change),
  });
  const stored = await engine.money.store.update(identity.tenantId, { id, change }, audit);
  await changed(engine, identity.tenantId);
  return await renderOne(engine, identity.tenantId, stored);
}

/** Removes a budget; runs that wait for one try again. Errors: `budget-unknown`, `budget-of-file`. */
export async function deleteBudget(
  { engine }: BudgetsContext,
  identity: Identity,
  id: string,
): Promise<void> {
  const present = await findChangeable(engine, identity, id);
  const audit = auditEntry(identity, { action: 'budget-deleted', target: id, before: detailOf(present) });
  await engine.money.store.delete(identity.tenantId, id, audit);
  await changed(engine, identity.tenantId);
}

async function renderOne(
  engine: EngineContext,
  tenantId: string,
  budget: Parameters<typeof renderBudgets>[2][number],
): Promise<BudgetView> {
  const [view] = await renderBudgets(engine, tenantId, [budget]);
  if (!view) throw new BatutaError('budget-unknown', { id: budget.id });
  return view;
}

async function findChangeable(
  engine: EngineContext,
  { tenantId }: Identity,
  id: string,
): Promise<BudgetRecord> {
  const found = (await engine.money.store.list(tenantId)).find((budget) => budget.id === id);
  if (found) return found;
  const ofFile = engine.money.book.ofFiles().find((budget) => budget.id === id);
  if (ofFile) throw new BatutaError('budget-of-file', { id, file: fileOfBudget(ofFile) ?? '' });
  throw new BatutaError('budget-unknown', { id });
}

/** What is set holds in this process from now on, and every run that waits finds out whether there is money for it. */
async function changed({ money, notify }: EngineContext, tenantId: string): Promise<void> {
  money.book.forget(tenantId);
  for (const runId of await money.store.wakeWaiting(tenantId)) notify.queued(runId);
}

/** A budget of something that does not exist would hold nothing. */
async function checkSubject(
  { engine, sessions }: BudgetsContext,
  identity: Identity,
  { scope, subject = '*' }: NewBudget,
): Promise<void> {
  if (subject === '*') return;
  if (scope === 'run') await findRun(engine, identity, subject);
  if (scope === 'session') await getSession(sessions, identity, subject);
  if (scope === 'agent' && !engine.agents.find(subject)) {
    const names = engine.agents.list().map(({ definition }) => definition.name);
    throw new BatutaError('agent-unknown', { agent: subject, hint: hintFor(subject, names) });
  }
  if (scope === 'team' && !engine.money.book.teams.includes(subject))
    throw new BatutaError('team-unknown', {
      team: subject,
      hint: hintFor(subject, engine.money.book.teams),
    });
}

/** A field that is undefined was not named. */
function changeOf(body: ChangeBudget): BudgetChange {
  const { name, hard, alerts, on_limit: onLimit, limit_usd: usd } = body;
  return {
    ...(name === undefined ? {} : { name }),
    ...(hard === undefined ? {} : { hard }),
    ...(alerts === undefined ? {} : { alerts }),
    ...(onLimit === undefined ? {} : { onLimit }),
    ...(usd === undefined ? {} : { limitMicros: microsOf(usd) }),
  };
}
