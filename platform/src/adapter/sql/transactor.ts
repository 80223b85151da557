import { BatutaError } from '@batuta/contract';
import type { PoolClient } from 'pg';
import {
  isConnectFailure,
  isConnectionError,
  isInTheWay,
  isServerExhausted,
  unreachable,
} from './database-error.ts';
import type { Query, RowsOf } from './statement.ts';
import { enterSystem, enterTenant } from './statement/enter-scope.ts';
import { TransactionQuery, type Answer } from './transaction-query.ts';

/** In whose name a transaction runs: one tenant's, or the system's for work over all tenants. */
export type Scope = { tenant: string } | 'system';

/** Executes one query of an open transaction. */
export type Execute = <Row>(query: Query<Row>) => Promise<Row[]>;

/** Times that a transaction is sent which others were in the way of. */
const mostTries = 3;

/** Attempts of a read whose connection was lost, and the pause before each further one. */
const readPausesMs = [50, 250];

/**
 * Runs queries in transactions that carry their scope, so that row-level security holds for every one of them.
 *
 * An error of the connection is `database-unreachable`. Whether the transaction took place is then not known, unless
 * the connection could not be had at all: `isOutcomeUnknown` tells. So is a server that cannot write for now (disk full):
 * there it is known that nothing took place.
 */
export class Transactor {
  readonly #connections: () => Promise<PoolClient>;
  readonly #address: string;

  constructor(connections: () => Promise<PoolClient>, address: string) {
    this.#connections = connections;
    this.#address = address;
  }

  /** All queries in one transaction and one round trip; sent again when others were in its way and nothing of it was written. */
  async run<const Queries extends readonly Query[]>(
    scope: Scope,
    queries: Queries,
  ): Promise<RowsOf<Queries>> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#runOnce(scope, queries);
      } catch (error) {
        if (!isInTheWay(error) || tries === mostTries) throw error;
      }
    }
  }

  async #runOnce<const Queries extends readonly Query[]>(
    scope: Scope,
    queries: Queries,
  ): Promise<RowsOf<Queries>> {
    const client = await this.#connect();
    try {
      const [, ...rows] = await send(client, [enterScope(scope), ...queries]);
      client.release();
      return rows as RowsOf<Queries>;
    } catch (error) {
      throw this.#release(client, error);
    }
  }

  /** One query that only reads: asked again when its connection was lost. */
  async read<Row>(scope: Scope, query: Query<Row>): Promise<Row[]> {
    for (const pause of readPausesMs) {
      try {
        return (await this.run(scope, [query]))[0];
      } catch (error) {
        if (!BatutaError.has(error, 'database-unreachable')) throw error;
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
    return (await this.run(scope, [query]))[0];
  }

  /** Work that needs the answer of one query for the next. Rolled back when it throws. */
  async transaction<Result>(scope: Scope, work: (execute: Execute) => Promise<Result>): Promise<Result> {
    const client = await this.#connect();
    try {
      await client.query('begin');
      await send(client, [enterScope(scope)]);
      const result = await work(async <Row>(query: Query<Row>) => {
        const [rows] = await send(client, [query]);
        return rows as Row[];
      });
      await client.query('commit');
      client.release();
      return result;
    } catch (error) {
      if (!isConnectionError(error)) await client.query('rollback').catch(() => undefined);
      throw this.#release(client, error);
    }
  }

  async #connect(): Promise<PoolClient> {
    try {
      return await this.#connections();
    } catch (error) {
      throw isConnectFailure(error) ? unreachable(this.#address, error) : error;
    }
  }

  #release(client: PoolClient, error: unknown): unknown {
    if (!isConnectionError(error)) {
      client.release();
      return isServerExhausted(error) ? unreachable(this.#address, error) : error;
    }
    client.release(true);
    const lost = unreachable(this.#address, error);
    unknownOutcomes.add(lost);
    return lost;
  }
}

const unknownOutcomes = new WeakSet<BatutaError>();

/** Whether the connection broke after the transaction was sent: it may or may not have been committed. */
export function isOutcomeUnknown(error: unknown): boolean {
  return BatutaError.is(error) && unknownOutcomes.has(error);
}

/** Names the tenant, or takes the role for work over all tenants, until the transaction ends. */
function enterScope(scope: Scope): Query {
  return scope === 'system' ? enterSystem() : enterTenant(scope.tenant);
}

function send(client: PoolClient, queries: readonly Query[]): Promise<unknown[][]> {
  return new Promise((resolve, reject) => {
    const answer: Answer = (error, rows) => (error ? reject(error) : resolve(rows));
    client.query(new TransactionQuery(queries, answer));
  });
}
