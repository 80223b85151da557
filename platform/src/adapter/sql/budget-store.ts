import { BatutaError } from '@batuta/contract';
import type {
  AccountNeed,
  AccountRoom,
  BudgetChange,
  BudgetRecord,
  BudgetStore,
} from '../../port/budget-store.ts';
import type { AuditEntry } from '../../port/audit-log.ts';
import type { AccountState } from '../../port/run-record.ts';
import { appendAudit } from './statement/append-audit.ts';
import {
  addBudget,
  changeBudget,
  lockBudget,
  readAccounts,
  readBudgets,
  removeBudget,
  type BudgetRow,
} from './statement/budgets.ts';
import { makeRoom, makeSlices } from './statement/make-room.ts';
import { wakeWaiting } from './statement/wake-waiting.ts';
import { storableText } from './storable-text.ts';
import type { Transactor } from './transactor.ts';

/** Budgets that a tenant may have: all of them are kept in memory where its runs are. */
const mostBudgets = 1000;

/** Budgets in a PostgreSQL database, embedded or not. */
export class SqlBudgetStore implements BudgetStore {
  readonly #transactor: Transactor;

  constructor(transactor: Transactor) {
    this.#transactor = transactor;
  }

  async list(tenantId: string): Promise<BudgetRecord[]> {
    const rows = await this.#transactor.read({ tenant: tenantId }, readBudgets(tenantId));
    return rows.map(toBudgetRecord);
  }

  async create(
    tenantId: string,
    budget: Omit<BudgetRecord, 'createdAt' | 'updatedAt'>,
    audit: AuditEntry,
  ): Promise<BudgetRecord> {
    const { id, name, scope, subject, per, limitMicros, hard, onLimit, alerts } = budget;
    const rule = [scope, subject, per, limitMicros, hard, onLimit, alerts] as const;
    return await this.#transactor.transaction({ tenant: tenantId }, async (execute) => {
      const [row] = await execute(addBudget(id, tenantId, storableText(name), ...rule, mostBudgets));
      if (!row) throw new BatutaError('too-many-budgets', { most: mostBudgets });
      await execute(appendAudit(audit));
      return toBudgetRecord(row);
    });
  }

  async update(
    tenantId: string,
    { id, change }: { id: string; change: BudgetChange },
    audit: AuditEntry,
  ): Promise<BudgetRecord> {
    return await this.#transactor.transaction({ tenant: tenantId }, async (execute) => {
      const [found] = await execute(lockBudget(id));
      if (!found) throw new BatutaError('budget-unknown', { id });
      const { name, limitMicros, hard, onLimit, alerts } = { ...toBudgetRecord(found), ...change };
      const query = changeBudget(id, storableText(name), limitMicros, hard, onLimit, alerts);
      const [changed] = await execute(query);
      await execute(appendAudit(audit));
      return toBudgetRecord(changed ?? found);
    });
  }

  async delete(tenantId: string, id: string, audit: AuditEntry): Promise<void> {
    await this.#transactor.transaction({ tenant: tenantId }, async (execute) => {
      const [found] = await execute(lockBudget(id));
      if (!found) throw new BatutaError('budget-unknown', { id });
      await execute(removeBudget(id));
      await execute(appendAudit(audit));
    });
  }

  async accounts(tenantId: string, accounts: readonly string[]): Promise<AccountState[]> {
    return await this.#transactor.read({ tenant: tenantId }, readAccounts(tenantId, accounts));
  }

  async makeRoom(tenantId: string, need: AccountNeed): Promise<AccountRoom> {
    const { account, limit, micros, slices } = need;
    const [, [room]] = await this.#transactor.run({ tenant: tenantId }, [
      makeSlices(tenantId, account, slices),
      makeRoom(tenantId, account, limit, micros, slices),
    ]);
    const { spent = 0, reserved = 0, free = 0, part = 0 } = room ?? {};
    return { account, spent, reserved, hasRoom: free >= micros, isLent: part > 0 };
  }

  async wakeWaiting(tenantId: string | null): Promise<string[]> {
    const scope = tenantId === null ? 'system' : { tenant: tenantId };
    const [rows] = await this.#transactor.run(scope, [wakeWaiting(tenantId, 'budget')]);
    return rows.map(({ id }) => id);
  }
}

function toBudgetRecord(row: BudgetRow): BudgetRecord {
  return {
    id: row.id,
    name: row.name,
    scope: row.scope,
    subject: row.subject,
    per: row.per,
    limitMicros: row.limit_micros,
    hard: row.hard,
    onLimit: row.on_limit,
    alerts: row.alerts,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
