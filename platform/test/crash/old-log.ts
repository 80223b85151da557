import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { agentDefinitionSchema } from '@batuta/contract';
import { openDatabase } from '@batuta/platform/database';
import type { WorkerDatabase } from '@batuta/testkit/crash/protocol';

/** A run whose log an older program has written before it died. */
export const oldRun = {
  id: 'run_0000000000000000000000000a',
  sessionId: 'ses_0000000000000000000000000a',
  key: 'old-run',
  epoch: 3,
};

/** One event as the older program wrote it. */
export interface OldEvent {
  seq: number;
  kind: string;
  version: number;
  data: object;
}

const file = join(import.meta.dirname, '../domain/fixture/log-version-1.json');

/** The log of version 1 that the tests of the upgraders keep. */
export const oldEvents = JSON.parse(readFileSync(file, 'utf8')) as OldEvent[];

/** Writes the old run into a database, as it is when its process has died. */
export async function writeOldRun(place: WorkerDatabase): Promise<void> {
  const { database, engine } = await openDatabase(place);
  await database.migrate();
  const definition = agentDefinitionSchema.parse({
    name: 'assistant',
    description: 'As it was then.',
    instructions: 'Be brief.',
  });
  const input = JSON.stringify({ messageId: 'msg_0000000000000000000000000a', parts: [] });
  const { id, sessionId, key, epoch } = oldRun;
  await engine.administer(async (client) => {
    await client.query(`insert into batuta.tenants (tenant_id, name) values ('alpha', 'alpha')`);
    await client.query(
      `insert into batuta.agent_definitions (tenant_id, hash, definition) values ('alpha', 'h', $1)`,
      [JSON.stringify(definition)],
    );
    await client.query(
      `insert into batuta.sessions (id, tenant_id, agent, title, metadata) values ($1, 'alpha', 'assistant', 'old', '{}')`,
      [sessionId],
    );
    await client.query(
      `insert into batuta.runs (id, tenant_id, session_id, agent, definition_hash, idempotency_key, input, metadata,
         status, lease_worker, lease_epoch, started_seq, started_at, turns)
       values ($1, 'alpha', $2, 'assistant', 'h', $3, $4, '{}', 'running', 'gone', $5, 1, now(), 1)`,
      [id, sessionId, key, input, epoch],
    );
    for (const { seq, kind, version, data } of oldEvents) {
      await client.query(
        `insert into batuta.events (session_id, seq, epoch, version, tenant_id, run_id, kind, data)
         values ($1, $2, $3, $4, 'alpha', $5, $6, $7)`,
        [sessionId, seq, epoch, version, id, kind, JSON.stringify(data)],
      );
    }
  });
  await database.close();
}
