import type { BudgetPage, BudgetView, ChangeBudget, CreateBudget, PageInput } from '@batuta/contract';
import type { CallOptions } from './client-options.ts';
import { pageQuery } from './page-query.ts';
import type { Transport } from './transport.ts';

/** Calls about budgets: limits on what may be spent. */
export class BudgetCalls {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** One page of budgets, those of files included, with what they have spent. */
  list(page: PageInput = {}, options: CallOptions = {}): Promise<BudgetPage> {
    return this.#transport.send({
      path: '/v1/budgets',
      query: pageQuery(page),
      isRepeatable: true,
      ...options,
    });
  }

  /** A budget. */
  get(id: string, options: CallOptions = {}): Promise<BudgetView> {
    return this.#transport.send({ path: budgetPath(id), isRepeatable: true, ...options });
  }

  /** Sets a budget. */
  create(budget: CreateBudget, options: CallOptions = {}): Promise<BudgetView> {
    return this.#transport.send({ method: 'POST', path: '/v1/budgets', body: budget, ...options });
  }

  /** Changes a budget. Runs that wait for a budget try again. */
  change(id: string, change: ChangeBudget, options: CallOptions = {}): Promise<BudgetView> {
    return this.#transport.send({ method: 'PATCH', path: budgetPath(id), body: change, ...options });
  }

  /** Deletes a budget. What was spent under it stays counted. */
  delete(id: string, options: CallOptions = {}): Promise<void> {
    return this.#transport.send({ method: 'DELETE', path: budgetPath(id), ...options });
  }
}

function budgetPath(id: string): string {
  return `/v1/budgets/${encodeURIComponent(id)}`;
}
