import {
  auditEntrySchema,
  BatutaError,
  type AuditLogEntry,
  type AuditLogFilter,
  type AuditPage,
} from '@batuta/contract';
import type { AuditFilter, AuditStore } from '../../port/audit-log.ts';
import type { Identity } from '../access/identity.ts';
import type { PageRequest } from '../application.ts';
import type { TenantSettingsReader } from '../access/tenant-settings.ts';
import { pageOf, readPageCursor } from '../page.ts';
import type { Redactor } from '../redaction/redactor.ts';
import { redactJson } from '../redaction/redact-json.ts';
import { renderAuditEntry } from './render-entry.ts';

/** Where the audit log is, and what takes secrets and personal data out of what is read from it. */
export interface AuditParts {
  audits: AuditStore;
  redactor: Redactor;
  tenantSettings: TenantSettingsReader;
}

const pageOfExport = 500;

/** Entries of the tenant, newest first. Errors: `cursor-invalid`. */
export async function listAudit(
  { audits, redactor }: Pick<AuditParts, 'audits' | 'redactor'>,
  identity: Identity,
  request: AuditLogFilter & PageRequest,
): Promise<AuditPage> {
  const before = readCursor(request.cursor);
  const rows = await audits.list(identity.tenantId, {
    ...toFilter(request),
    ...(before === undefined ? {} : { before }),
    limit: request.limit + 1,
  });
  const page = pageOf(rows, request.limit, { render: renderAuditEntry, key: ({ seq }) => `n${seq}` });
  const clean = page.items.map((entry) =>
    redactEntry(entry, (text) => redactor.content(text, identity.tenantId)),
  );
  return { ...page, items: await Promise.all(clean) };
}

/** A page begins below the number in its cursor. */
function readCursor(cursor: string | undefined): number | undefined {
  const key = readPageCursor(cursor);
  if (key === undefined) return undefined;
  if (/^n\d{1,15}$/.test(key)) return Number(key.slice(1));
  throw new BatutaError('cursor-invalid', { cursor: cursor ?? '' });
}

/** All entries of a filter as lines of JSON, oldest first, a page at a time. What is appended meanwhile is not part of it. */
export async function* exportAudit(
  { audits, redactor, tenantSettings }: AuditParts,
  identity: Identity,
  filter: AuditLogFilter,
): AsyncGenerator<string> {
  const { tenantId } = identity;
  const { lastSeq } = await audits.extent(tenantId);
  const { redaction } = await tenantSettings.read(tenantId);
  const personal = redaction?.personal_data ?? [];
  for (let after = 0; after < lastSeq;) {
    const rows = await audits.read(tenantId, { ...toFilter(filter), after, limit: pageOfExport });
    const due = rows.filter(({ seq }) => seq <= lastSeq);
    const entries = due.map((row) =>
      redactEntry(renderAuditEntry(row), (text) => redactor.exported(text, { tenantId, personal })),
    );
    const lines = (await Promise.all(entries)).map((entry) => `${JSON.stringify(entry)}\n`);
    if (lines.length > 0) yield lines.join('');
    after = due.length < pageOfExport ? lastSeq : (due.at(-1)?.seq ?? lastSeq);
  }
}

/** What people wrote or a request brought along; numbers, times, hashes and ids of our own cannot hold a secret. */
async function redactEntry(
  entry: AuditLogEntry,
  redact: (text: string) => Promise<string>,
): Promise<AuditLogEntry> {
  const { actor, target, reason, user_agent: userAgent, before, after } = entry;
  const texts = await redactJson({ actor, target, reason, user_agent: userAgent, before, after }, redact);
  return auditEntrySchema.parse({ ...entry, ...Object(texts) });
}

function toFilter(filter: AuditLogFilter): AuditFilter {
  const { since, until, actor, action, kind, target } = filter;
  return {
    ...(since === undefined ? {} : { since: Date.parse(since) }),
    ...(until === undefined ? {} : { until: Date.parse(until) }),
    ...(actor === undefined ? {} : { actor }),
    ...(action === undefined ? {} : { action }),
    ...(kind === undefined ? {} : { kind }),
    ...(target === undefined ? {} : { target }),
  };
}
