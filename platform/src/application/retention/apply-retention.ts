import { BatutaError } from '@batuta/contract';
import type { AuditArchive } from '../../port/audit-log.ts';
import type { Clock } from '../../port/clock.ts';
import type { Log } from '../../port/log.ts';
import type { Purge, RetentionStore } from '../../port/retention-store.ts';
import type { SessionStore } from '../../port/session-store.ts';
import type { UsageStore } from '../../port/usage-store.ts';
import { cutAudit, type CutContext } from '../audit/cut-audit.ts';

/** Days for which things are kept that are over; 0: for ever. */
export interface RetentionDays {
  sessionDays: number;
  ledgerDays: number;
  budgetDays: number;
  definitionDays: number;
  accessDays: number;
  auditDays: number;
}

/** What retention works with. */
export interface RetentionContext {
  retention: RetentionStore;
  sessions: Pick<SessionStore, 'delete'>;
  usage: Pick<UsageStore, 'rollUp'>;
  /** What a tenant has set for itself: days that take the place of those of the configuration. */
  daysOfTenant(tenantId: string): Promise<Partial<RetentionDays>>;
  days: RetentionDays;
  timeZone: string;
  audits: CutContext['audits'];
  /** Null: what is cut away of audit logs is not kept. */
  auditArchive: AuditArchive | null;
  clock: Pick<Clock, 'now'>;
  log: Log;
}

/** Rows of one transaction: short enough for nobody to wait for it. */
const piece = 500;
/** Sessions are deleted one by one, each with all that it has. */
const sessionPiece = 100;

/** What one pass has removed, by kind of row. */
export type Removed = Record<Purge | 'sessions' | 'ledger' | 'audit', number>;

/**
 * Removes what is older than it is to be kept, tenant by tenant and piece by piece; nothing of an unfinished run. It can be stopped
 * between two pieces and begun again: what it did is done. A tenant with which it fails does not keep it from the others.
 */
export async function applyRetention(context: RetentionContext, signal: AbortSignal): Promise<Removed> {
  const total: Removed = {
    sessions: 0,
    ledger: 0,
    audit: 0,
    accounts: 0,
    alerts: 0,
    answers: 0,
    definitions: 0,
    keys: 0,
    logins: 0,
    browsers: 0,
  };
  for (const tenantId of await context.retention.tenants()) {
    if (signal.aborted) break;
    try {
      await applyToTenant(context, { tenantId, signal, total });
    } catch (error) {
      context.log.error('what a tenant keeps too long could not be removed', { tenant: tenantId, error });
    }
  }
  if (Object.values(total).some((count) => count > 0)) {
    context.log.info('removed what was kept long enough', total);
  }
  return total;
}

interface Pass {
  tenantId: string;
  signal: AbortSignal;
  total: Removed;
}

async function applyToTenant(context: RetentionContext, pass: Pass): Promise<void> {
  const days = { ...context.days, ...(await context.daysOfTenant(pass.tenantId)) };
  await removeSessions(context, pass, days.sessionDays);
  await addUpLedger(context, pass, days.ledgerDays);
  // An answer is over when it expires: that is its retention.
  await purgeAll(context, pass, { what: 'answers', olderThanDays: 0 });
  for (const { what, kept } of purgesOf(days)) {
    if (kept > 0) await purgeAll(context, pass, { what, olderThanDays: kept });
  }
  if (days.auditDays > 0) await cutOldAudit(context, pass, days.auditDays);
}

async function cutOldAudit(context: RetentionContext, pass: Pass, days: number): Promise<void> {
  const { audits, auditArchive: archive, clock, log } = context;
  const keptSince = clock.now() - days * 86_400_000;
  pass.total.audit += await cutAudit({ audits, archive, log }, { ...pass, keptSince });
}

function purgesOf(days: RetentionDays): { what: Purge; kept: number }[] {
  return [
    { what: 'accounts', kept: days.budgetDays },
    { what: 'alerts', kept: days.budgetDays },
    { what: 'definitions', kept: days.definitionDays },
    { what: 'keys', kept: days.accessDays },
    { what: 'logins', kept: days.accessDays },
    { what: 'browsers', kept: days.accessDays },
  ];
}

async function removeSessions(context: RetentionContext, pass: Pass, olderThanDays: number): Promise<void> {
  let after: string | null = olderThanDays > 0 ? '' : null;
  while (after !== null && !pass.signal.aborted) {
    const page = { olderThanDays, after, limit: sessionPiece };
    const { ids, last } = await context.retention.oldSessions(pass.tenantId, page);
    for (const id of ids) if (await removeSession(context, pass, id)) pass.total.sessions += 1;
    after = last;
  }
}

/** False when somebody has just continued or deleted it. */
async function removeSession(
  context: RetentionContext,
  { tenantId, signal }: Pass,
  id: string,
): Promise<boolean> {
  if (signal.aborted) return false;
  try {
    await context.sessions.delete(tenantId, id);
    return true;
  } catch (error) {
    if (BatutaError.has(error, 'session-busy') || BatutaError.has(error, 'session-unknown')) return false;
    throw error;
  }
}

async function addUpLedger(context: RetentionContext, pass: Pass, olderThanDays: number): Promise<void> {
  const rule = { olderThanDays, timeZone: context.timeZone, limit: piece };
  let count = olderThanDays > 0 ? piece : 0;
  while (count === piece && !pass.signal.aborted) {
    count = await context.usage.rollUp(pass.tenantId, rule);
    pass.total.ledger += count;
  }
}

async function purgeAll(
  context: RetentionContext,
  pass: Pass,
  { what, olderThanDays }: { what: Purge; olderThanDays: number },
): Promise<void> {
  let count = piece;
  while (count === piece && !pass.signal.aborted) {
    count = await context.retention.purge(pass.tenantId, what, { olderThanDays, limit: piece });
    pass.total[what] += count;
  }
}
