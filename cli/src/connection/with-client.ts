import type { CommandContext } from '../command-context.ts';
import type { Client } from './client.ts';
import { connect } from './connect.ts';

/** Connects to the running platform, does one thing, and gives its result. */
export async function withClient<T>(
  context: CommandContext,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const connection = await connect(context);
  try {
    return await work(connection.client);
  } finally {
    await connection.close();
  }
}
