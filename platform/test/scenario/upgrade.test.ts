import { readFileSync } from 'node:fs';
import { agentDefinitionSchema } from '@batuta/contract';
import { startTestPlatform, withPlatform, type TestPlatform } from '@batuta/testkit/platform';
import { describe, expect, it } from 'vitest';
import { lastResults } from './model-fixtures.ts';
import { accept, ended } from './processes.ts';

const fixture = new URL('../domain/fixture/log-version-1.json', import.meta.url);
const sessionId = 'ses_0000000000000000000000000a';
const runId = 'run_0000000000000000000000000a';

interface OldEvent {
  seq: number;
  kind: string;
  version: number;
  data: object;
}

function oldLog(): OldEvent[] {
  return JSON.parse(readFileSync(fixture, 'utf8')) as OldEvent[];
}

/** Stores a run as a process of the version before left it when it died: its log in the old schema, its lease with nobody. */
async function storeOldRun({ stores, identity }: TestPlatform, log: readonly OldEvent[]): Promise<void> {
  const definition = agentDefinitionSchema.parse({
    name: 'assistant',
    description: 'An agent of before.',
    instructions: 'Be brief.',
  });
  const { tenantId } = identity;
  await stores.engine.administer(async (client) => {
    await client.query(
      'insert into batuta.agent_definitions (tenant_id, hash, definition) values ($1, $2, $3)',
      [tenantId, 'h', JSON.stringify(definition)],
    );
    await client.query(
      `insert into batuta.sessions (id, tenant_id, agent, title, metadata) values ($1, $2, 'assistant', '', '{}')`,
      [sessionId, tenantId],
    );
    await client.query(
      `insert into batuta.runs (id, tenant_id, session_id, agent, definition_hash, input, metadata, status, started_seq,
         started_at, lease_worker, lease_epoch, turns)
       values ($1, $2, $3, 'assistant', 'h', '{}', '{}', 'running', 1, now(), 'worker_gone', 1, 1)`,
      [runId, tenantId, sessionId],
    );
    for (const { seq, kind, version, data } of log) {
      await client.query(
        `insert into batuta.events (session_id, seq, epoch, version, tenant_id, run_id, kind, data)
         values ($1, $2, 1, $3, $4, $5, $6, $7)`,
        [sessionId, seq, version, tenantId, runId, kind, JSON.stringify(data)],
      );
    }
  });
}

/** The old run in a database on which a process of today then starts. */
async function upgraded(
  log: readonly OldEvent[],
  test: (platform: TestPlatform) => Promise<void>,
): Promise<void> {
  const before = await startTestPlatform({ worker: false });
  try {
    await storeOldRun(before, log);
    await withPlatform({ share: before, model: () => ({ text: 'Five.' }), pollMs: 20 }, test);
  } finally {
    await before.stop(0);
    before.stores.release();
  }
}

describe('a run of the version before', () => {
  it('is taken over and finished', async () => {
    const log = oldLog();
    expect(log.some(({ kind, version }) => kind === 'model-call-settled' && version === 1)).toBe(true);
    await upgraded(log, async (platform) => {
      expect(await ended(platform, runId)).toMatchObject({
        status: 'succeeded',
        output: { text: 'Five.' },
        turns: 2,
        usage: { input_tokens: 30, output_tokens: 14, cached_input_tokens: 0 },
      });
      expect(lastResults(platform.model.requests[0])).toMatchObject([{ content: '5', isError: false }]);
      expect((await platform.run('And then?', { sessionId })).status).toBe('succeeded');
    });
  });

  it('of a version too old fails with the place that cannot be read, and the session does not hang', async () => {
    const log = oldLog().map((event) => ({ ...event, version: event.seq === 3 ? 0 : event.version }));
    await upgraded(log, async (platform) => {
      const next = await accept(platform, 'And then?', sessionId);
      for (const id of [runId, next.id]) {
        await platform.signals.reached('run-ended', (detail) => detail.runId === id);
        expect(await platform.application.runs.get(platform.identity, id)).toMatchObject({
          status: 'failed',
          error: { code: 'event-unreadable', data: { seq: 3, version: 0 } },
        });
      }
    });
  });
});
