import type { TestPlatform } from '@batuta/testkit/platform';

/** Fields of events that name an instant. */
const instants = ['deadline_at', 'wake_at', 'until', 'expires_at'];

/**
 * Makes everything that is stored as much older as if this time had passed while nobody worked. It is what a wait of days looks like to
 * whoever reads the database afterwards, whichever clock they go by.
 */
export async function letTimePass(platform: TestPlatform, minutes: number): Promise<void> {
  const ms = minutes * 60_000;
  const interval = `${ms} milliseconds`;
  await platform.stores.engine.administer(async (client) => {
    await client.query('update batuta.runs set wake_at = wake_at - $1::interval', [interval]);
    await client.query('update batuta.approvals set expires_at = expires_at - $1::interval', [interval]);
    await client.query('update batuta.events set at = at - $1::interval', [interval]);
    const { rows } = await client.query<{ session_id: string; seq: number; data: Record<string, unknown> }>(
      'select session_id, seq, data from batuta.events',
    );
    for (const { session_id, seq, data } of rows) {
      const values = [session_id, seq, JSON.stringify(earlier(data, ms))];
      await client.query(
        'update batuta.events set data = $3::json where session_id = $1 and seq = $2',
        values,
      );
    }
  });
}

function earlier(data: Record<string, unknown>, ms: number): Record<string, unknown> {
  const moved = instants.flatMap((name) => {
    const value = data[name];
    return typeof value === 'string' ? [[name, new Date(Date.parse(value) - ms).toISOString()]] : [];
  });
  return { ...data, ...Object.fromEntries(moved) };
}
