import type { AuditEntry } from '../../../port/audit-log.ts';
import { auditRowOf } from '../audit-row.ts';
import type { Query } from '../statement.ts';

/**
 * Appends entries to the audit log of the tenant that the transaction names, in the transaction of what they tell about:
 *
 *     await transactor.run({ tenant }, [addKey(...), appendAudit(entry)]);
 *
 * or, in a transaction of several steps, `await execute(appendAudit(entry))`. The use case makes the entry (who, from where: see
 * application/audit/audit-entry.ts) and hands it to the store's method; the store only adds this query. Put it last: it holds
 * the end of the tenant's chain locked until the transaction ends, and every transaction that locks it last never waits for one that
 * waits for it. Work in the scope `system` has no tenant: it must first send `enterTenant(tenantId)`.
 */
export function appendAudit(...entries: readonly AuditEntry[]): Query<{ seq: number }> {
  return {
    name: 'append-audit',
    text: 'select append_audit($1::json) as seq',
    values: [readableEscapes(JSON.stringify(entries.map(auditRowOf)))],
  };
}

/** One entry as the functions of the database take it. */
export function auditEntryJson(entry: AuditEntry): string {
  return readableEscapes(JSON.stringify(auditRowOf(entry)));
}

/** Escapes that stand for no character of a text: U+0000 and halves of surrogate pairs. PostgreSQL refuses to read them. */
const unreadable = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g;

function readableEscapes(json: string): string {
  return json.includes('\\u') ? json.replace(unreadable, '$1\uFFFD') : json;
}
