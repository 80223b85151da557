import type { Connection } from 'pg';

/** A column of an answer: its name and how its text is read. */
export interface Column {
  name: string;
  read: (text: string) => unknown;
}

/** What is known of a statement on one connection. */
interface Prepared {
  /** `uncertain`: the transaction that prepared it failed, maybe before that. */
  state: 'prepared' | 'uncertain';
  columns: readonly Column[];
}

const registries = new WeakMap<Connection, PreparedStatements>();

/** The named statements of one connection. They outlive the transactions that prepare them, also failed ones. */
export class PreparedStatements {
  readonly #known = new Map<string, Prepared>();

  static of(connection: Connection): PreparedStatements {
    let registry = registries.get(connection);
    if (!registry) {
      registry = new PreparedStatements();
      registries.set(connection, registry);
    }
    return registry;
  }

  /** Columns of a prepared statement; undefined when it must be prepared. */
  columns(name: string): readonly Column[] | undefined {
    const known = this.#known.get(name);
    return known?.state === 'prepared' ? known.columns : undefined;
  }

  isUncertain(name: string): boolean {
    return this.#known.get(name)?.state === 'uncertain';
  }

  prepared(name: string): void {
    this.#known.set(name, { state: 'prepared', columns: [] });
  }

  described(name: string, columns: readonly Column[]): void {
    this.#known.set(name, { state: 'prepared', columns });
  }

  uncertain(name: string): void {
    this.#known.set(name, { state: 'uncertain', columns: [] });
  }
}
