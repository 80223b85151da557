import { BatutaError } from '@batuta/contract';
import type { OwnerConnection } from '../../port/database.ts';
import type { Log } from '../../port/log.ts';

/** The owner's connection, and whether it works: said to the log once when that changes, not at every poll. */
export class WatchedConnection implements OwnerConnection {
  readonly #connection: OwnerConnection;
  readonly #log: Log;
  #isLost = false;

  constructor(connection: OwnerConnection, log: Log) {
    this.#connection = connection;
    this.#log = log;
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  async execute(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }> {
    try {
      const answer = await this.#connection.execute(text, values);
      this.#found();
      return answer;
    } catch (error) {
      if (BatutaError.has(error, 'database-unreachable')) this.#lost(error);
      else this.#found();
      throw error;
    }
  }

  #lost(error: BatutaError): void {
    if (!this.#isLost) this.#log.warn('background jobs wait for the database', { error });
    this.#isLost = true;
  }

  #found(): void {
    if (this.#isLost) this.#log.info('background jobs reach the database again');
    this.#isLost = false;
  }
}
