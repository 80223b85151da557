import type { ClientBase } from 'pg';
import { isConnectionError } from './database-error.ts';

/**
 * Runs SQL of one or, without values, several statements. A transaction that it began itself and that failed does not stay behind on
 * the connection.
 */
export async function executeScript(
  client: ClientBase,
  text: string,
  values?: unknown[],
): Promise<{ rows: Record<string, unknown>[] }> {
  try {
    const answer = await client.query<Record<string, unknown>>(text, values);
    // Several statements are answered by an array, which the driver's types do not say.
    return { rows: [answer].flat().flatMap((each) => each.rows ?? []) };
  } catch (error) {
    if (!isConnectionError(error)) await client.query('rollback').catch(() => undefined);
    throw error;
  }
}
