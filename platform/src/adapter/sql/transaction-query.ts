import type { Connection, Submittable } from 'pg';
import { encodeValue } from './encode-value.ts';
import { PreparedStatements, type Column } from './prepared-statements.ts';
import type { Query } from './statement.ts';
import { valueTypes } from './value-types.ts';

/** Called once, with an error or with the rows of each query. */
export type Answer = (error: Error | null, rows: unknown[][]) => void;

/** What the server says of a row's columns. */
interface RowDescription {
  fields: { name: string; dataTypeID: Parameters<typeof valueTypes.getTypeParser>[0] }[];
}

/**
 * Several queries as one transaction, in one message to the server and one answer.
 *
 * In PostgreSQL's extended protocol everything up to a Sync is one transaction without BEGIN and COMMIT: an error makes the
 * server pass over the rest, up to the Sync, and roll back. Sent that way a commit costs half of what it costs as three
 * queries. It is a `Submittable` of `pg`, which is how its cursors are made.
 *
 * - submitted: the query at `#position` is being answered; each end of a command moves on to the next
 * - failed: the answer was given with the error; the server has passed over the rest
 * - answered: at the Sync the transaction is committed, and only then are the rows given
 */
export class TransactionQuery implements Submittable {
  /** Replaced by the client, to measure its time limit. */
  callback: Answer;
  readonly #queries: readonly Query[];
  readonly #values: (string | Buffer | null)[][];
  readonly #rows: unknown[][];
  readonly #columns: (readonly Column[])[] = [];
  readonly #preparing = new Set<string>();
  #statements: PreparedStatements | undefined;
  #position = 0;
  #unreadable: Error | null = null;

  constructor(queries: readonly Query[], answer: Answer) {
    this.#queries = queries;
    // Can fail, so it is done before the client has anything to do with it.
    this.#values = queries.map((query) => query.values.map(encodeValue));
    this.#rows = queries.map(() => []);
    this.callback = answer;
  }

  submit(connection: Connection): null {
    const statements = PreparedStatements.of(connection);
    this.#statements = statements;
    // The embedded database's connection has a stream of another kind, without these.
    connection.stream.cork?.();
    for (const [index, query] of this.#queries.entries()) {
      const columns = this.#prepare(connection, statements, query);
      this.#columns.push(columns ?? []);
      connection.bind(
        { statement: query.name ?? '', portal: '', values: this.#values[index] ?? [], binary: '' },
        true,
      );
      if (!columns) connection.describe({ type: 'P', name: '' }, true);
      connection.execute({ portal: '', rows: '' }, true);
    }
    connection.sync();
    connection.stream.uncork?.();
    return null;
  }

  handleRowDescription({ fields }: RowDescription): void {
    const columns = fields.map(({ name, dataTypeID }) => ({
      name,
      read: valueTypes.getTypeParser(dataTypeID, 'text'),
    }));
    this.#columns[this.#position] = columns;
    const name = this.#queries[this.#position]?.name;
    if (name !== undefined) this.#statements?.described(name, columns);
  }

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    try {
      this.#rows[this.#position]?.push(readRow(this.#columns[this.#position] ?? [], fields));
    } catch (error) {
      this.#unreadable = error instanceof Error ? error : new TypeError(String(error));
    }
  }

  handleCommandComplete(): void {
    this.#position += 1;
  }

  handleEmptyQuery(): void {
    this.#position += 1;
  }

  handleReadyForQuery(): void {
    this.callback(this.#unreadable, this.#rows);
  }

  handleError(error: Error): void {
    for (const name of this.#preparing) this.#statements?.uncertain(name);
    this.callback(error, []);
  }

  /** Prepares a query unless it is prepared already: its columns are then known. */
  #prepare(
    connection: Connection,
    statements: PreparedStatements,
    { name, text }: Query,
  ): readonly Column[] | undefined {
    const known = name === undefined ? undefined : statements.columns(name);
    // Prepared by this very message: its columns come with the first answer.
    if (known && name !== undefined && this.#preparing.has(name)) return undefined;
    if (known) return known;
    if (name !== undefined) {
      if (statements.isUncertain(name)) connection.close({ type: 'S', name }, true);
      statements.prepared(name);
      this.#preparing.add(name);
    }
    connection.parse({ name: name ?? '', text, types: [] }, true);
    return undefined;
  }
}

function readRow(columns: readonly Column[], fields: readonly (string | null)[]): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const [index, { name, read }] of columns.entries()) {
    const text = fields[index] ?? null;
    row[name] = text === null ? null : read(text);
  }
  return row;
}
