import { BatutaError } from '@batuta/contract';
import type { Writable } from 'node:stream';
import type { PoolClient } from 'pg';
import { escapeLiteral } from 'pg';
import { isConnectionError, unreachable } from './database-error.ts';
import type { Query, RowsOf } from './statement.ts';

/** In whose name a transaction runs: one tenant's, or the system's for work over all tenants. */
export type Scope = { tenant: string } | 'system';

/** Executes one query of an open transaction. */
export type Execute = <Row>(query: Query<Row>) => Promise<Row[]>;

/** Attempts of a read whose connection was lost, and the pause before each further one. */
const readPausesMs = [50, 250];

/**
 * Runs queries in transactions that carry their scope, so that row-level security holds for every one of them.
 *
 * All queries of `run` are sent together with BEGIN and COMMIT: one round trip. After an error the server ignores the
 * rest and COMMIT rolls back, so a failed query leaves nothing behind.
 *
 * An error of the connection is `database-unreachable`. Whether the transaction took place is then not known, unless
 * the connection could not be had at all: `isOutcomeUnknown` tells.
 */
export class Transactor {
  readonly #connections: () => Promise<PoolClient>;
  readonly #address: string;

  constructor(connections: () => Promise<PoolClient>, address: string) {
    this.#connections = connections;
    this.#address = address;
  }

  /** All queries in one transaction and one round trip. */
  async run<const Queries extends readonly Query[]>(
    scope: Scope,
    queries: Queries,
  ): Promise<RowsOf<Queries>> {
    const client = await this.#connect();
    const send = (): Promise<{ rows: unknown[] }>[] => [
      client.query(begin(scope)),
      ...queries.map((query) => client.query(toConfig(query))),
      client.query('commit'),
    ];
    const answers = together(client, send);
    const settled = await Promise.allSettled(answers);
    const failed = settled.find((answer) => answer.status === 'rejected');
    if (failed) throw this.#release(client, failed.reason);
    client.release();
    const rows = settled
      .slice(1, -1)
      .map((answer) => (answer.status === 'fulfilled' ? answer.value.rows : []));
    return rows as RowsOf<Queries>;
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
      await client.query(begin(scope));
      const result = await work(async <Row>(query: Query<Row>) => {
        const answer = await client.query(toConfig(query));
        return answer.rows as Row[];
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
      throw isConnectionError(error) ? unreachable(this.#address, error) : error;
    }
  }

  #release(client: PoolClient, error: unknown): unknown {
    if (!isConnectionError(error)) {
      client.release();
      return error;
    }
    client.release(true);
    const lost = unreachable(this.#address, error);
    unknownOutcomes.add(lost);
    return lost;
  }
}

/** Sends what `send` writes to the connection in one piece: without it, each query is a write of its own to the socket. */
function together<T>(client: PoolClient & { connection?: { stream?: Partial<Writable> } }, send: () => T): T {
  const stream = client.connection?.stream;
  stream?.cork?.();
  try {
    return send();
  } finally {
    // Pipelined queries are written at the latest when the present turn of the event loop ends.
    process.nextTick(() => stream?.uncork?.());
  }
}

const unknownOutcomes = new WeakSet<BatutaError>();

/** Whether the connection broke after the transaction was sent: it may or may not have been committed. */
export function isOutcomeUnknown(error: unknown): boolean {
  return BatutaError.is(error) && unknownOutcomes.has(error);
}

function begin(scope: Scope): string {
  return scope === 'system'
    ? 'begin; set local role batuta_system'
    : `begin; set local batuta.tenant = ${escapeLiteral(scope.tenant)}`;
}

function toConfig(query: Query): { name?: string; text: string; values: unknown[] } {
  const config = { text: query.text, values: query.values as unknown[] };
  return query.name === undefined ? config : { name: query.name, ...config };
}
