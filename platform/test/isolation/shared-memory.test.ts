import { MemoryBusHub, type Frame, type Identity } from '@batuta/platform/composition';
import type { ModelRequest } from '@batuta/platform/ports';
import { startTestPlatform, withPlatform, type TestPlatform } from '@batuta/testkit/platform';
import { describe, expect, it } from 'vitest';
import { callOnce, userTexts } from '../scenario/model-fixtures.ts';
import { countingTool } from '../scenario/tool-fixtures.ts';

const body = { agent: 'assistant', input: 'Go' };

async function runAs({ application: a }: TestPlatform, who: Identity): Promise<string> {
  const { id } = await a.runs.accept(who, { ...body, input: who.tenantId });
  await a.runs.waitForEnd(who, id, { seconds: 10, signal: new AbortController().signal });
  return id;
}

/** What a process keeps in memory, and what processes tell each other, has a tenant in its key. */
describe('what is kept in memory', () => {
  it('of agents is kept for each tenant: the first run of another finds its definition, too', async () => {
    await withPlatform({ model: () => ({ text: 'Ok.' }) }, async (platform) => {
      const { identity, stranger, stores } = platform;
      for (const who of [identity, stranger, identity]) {
        const run = await stores.runs.get(who.tenantId, await runAs(platform, who));
        expect(run?.status).toBe('succeeded');
        expect(await stores.runs.definition(who.tenantId, run?.definitionHash ?? '')).toMatchObject({
          name: 'assistant',
        });
      }
    });
  });

  it('of settings is kept for each tenant: rules of one are no rules of another', async () => {
    const { tool, executions } = countingTool('read', { readOnly: true });
    const options = { tools: [tool], model: callOnce({ tool: 'read' }), agents: [{ permissions: [] }] };
    await withPlatform(options, async (platform) => {
      const { application, identity, stranger } = platform;
      const policy = { rules: [{ deny: 'read', reason: 'not here' }] };
      await application.tenant.change(identity, { settings: { policy } });
      await runAs(platform, identity);
      expect(executions).toHaveLength(0);
      await runAs(platform, stranger);
      expect(executions).toHaveLength(1);
    });
  });

  it('of limits is kept for each tenant: who has used theirs up holds up nobody else', async () => {
    const plans = { small: { tenant: { requests_per_minute: 2 } } };
    await withPlatform(
      { limits: { plans, defaultPlan: 'small' } },
      async ({ application, identity, stranger }) => {
        const ask = async (who: Identity) => application.limits.admit(who);
        await ask(identity);
        await ask(identity);
        await expect(ask(identity)).rejects.toMatchObject({ code: 'rate-limited' });
        await expect(ask(stranger)).resolves.toBeDefined();
      },
    );
  });
});

/** Says what it was told, so that every frame of a tenant's runs carries its name. */
function echo(request: ModelRequest): { text: string } {
  return { text: `${userTexts(request).at(-1)} `.repeat(20) };
}

/** Runs of both tenants in two processes, each followed by one stream; all that each stream carried. */
async function streamsOfBoth(first: TestPlatform, second: TestPlatform): Promise<Record<string, string>> {
  const carried: Record<string, string> = {};
  const stops: (() => void)[] = [];
  for (const [platform, who] of [
    [first, first.identity],
    [second, first.stranger],
  ] as const) {
    const { runs, streams } = platform.application;
    const { session_id: sessionId } = await runs.accept(who, { ...body, input: who.tenantId });
    const write = ({ data }: Frame) => (carried[who.tenantId] += data);
    carried[who.tenantId] = '';
    stops.push(await streams.follow(who, { sessionId }, { write, end: () => undefined }));
  }
  for (const who of [first.identity, first.stranger]) {
    for (const platform of [first, second]) await runAs(platform, who);
  }
  for (const stop of stops) stop();
  return carried;
}

describe('live streams', () => {
  it('carry nothing of another tenant, in the same process or from another', async () => {
    const hub = new MemoryBusHub();
    const first = await startTestPlatform({ model: echo, bus: hub.connect() });
    const second = await startTestPlatform({ model: echo, bus: hub.connect(), share: first });
    const { alpha = '', beta = '' } = await streamsOfBoth(first, second);
    await Promise.all([first.stop(0), second.stop(0)]);
    first.stores.release();
    expect({ alpha: alpha.includes('alpha'), beta: beta.includes('beta') }).toEqual({
      alpha: true,
      beta: true,
    });
    expect([alpha.includes('beta'), beta.includes('alpha')]).toEqual([false, false]);
  });

  it('cannot be opened on the session of another by naming it beside a new run', async () => {
    await withPlatform({ model: () => ({ text: 'Ok.' }) }, async (platform) => {
      const { application: a, identity, stranger } = platform;
      const theirs = await a.runs.accept(identity, body);
      const intruding = a.runs.accept(stranger, { ...body, session_id: theirs.session_id, stream: true });
      await expect(intruding).rejects.toMatchObject({ code: 'session-unknown' });
    });
  });
});
