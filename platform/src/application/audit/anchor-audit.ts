import { messageIdOf } from '../../domain/webhook/announce.ts';
import type { AuditHead, AuditStore } from '../../port/audit-log.ts';
import type { Clock } from '../../port/clock.ts';
import type { Ids } from '../../port/ids.ts';
import type { JobQueue } from '../../port/job-queue.ts';
import type { Log } from '../../port/log.ts';
import type { Announcement } from '../../port/webhook-store.ts';

/** Tenants of one pass; the next one goes on. */
const mostTenants = 500;

/** What telling the ends of chains outside works with. */
export interface AnchorContext {
  audits: Pick<AuditStore, 'unanchored' | 'anchor'>;
  clock: Clock;
  ids: Ids;
  log: Log;
  /** How often the end of a chain that grows is told; 0: never. */
  anchorMs: number;
  /** Deliveries wait in the outbox of these webhooks. */
  announced(tenantId: string, webhookIds: readonly string[]): void;
}

/**
 * Tells the end of every chain that has grown, by whatever transaction, outside of the database: to the log of the process, and to webhooks
 * that want `audit-anchored`. Whoever keeps these can show later that nothing up to there was made anew. Gives how many it told.
 */
export async function anchorAudit(context: AnchorContext, signal: AbortSignal): Promise<number> {
  const { audits, clock, log, anchorMs } = context;
  let told = 0;
  for (const tenant of await audits.unanchored(clock.now() - anchorMs, mostTenants)) {
    if (signal.aborted) break;
    const anchored = await audits.anchor(tenant, (head) => announcement(context, tenant, head));
    if (!anchored) continue;
    told += 1;
    const { head, webhooks } = anchored;
    log.info('end of the audit log', { tenant, anchor: anchorOf(head) });
    if (webhooks.length > 0) context.announced(tenant, webhooks);
  }
  return told;
}

/** Declares the job that looks every minute whose anchor is due. */
export function defineAnchorJob(context: AnchorContext, jobs: Pick<JobQueue, 'define' | 'every'>): void {
  if (context.anchorMs === 0) return;
  const options = { concurrency: 1, timeoutSeconds: 300, retries: 0, retrySeconds: 60 } as const;
  jobs.define('anchor-audit', { ...options, policy: 'one-per-key' }, async ({ signal }) => {
    await anchorAudit(context, signal);
  });
  jobs.every('anchor-audit', '* * * * *');
}

function announcement({ ids }: AnchorContext, tenantId: string, head: AuditHead): Announcement {
  const data = { tenant_id: tenantId, seq: head.seq, hash: head.hash, anchor: anchorOf(head) };
  return { messageId: messageIdOf(ids.create('webhook'), 0), kind: 'audit-anchored', data };
}

function anchorOf({ seq, hash }: AuditHead): string {
  return `${seq}:${hash}`;
}
