import type { PolicySet } from '@batuta/contract';
import { withPlatform, type TestPlatform } from '@batuta/testkit/platform';
import { describe, expect, it } from 'vitest';
import { countingTool } from '../scenario/tool-fixtures.ts';

const tools = [countingTool('refund').tool, countingTool('look', { readOnly: true }).tool];
const agents = [{ permissions: [{ allow: 'refund', arguments: { cents: { at_most: 100 } } }] }];

async function setPolicy({ application, identity }: TestPlatform, policy: PolicySet): Promise<void> {
  const settings = { policy: JSON.parse(JSON.stringify(policy)) };
  await application.tenant.change(identity, { settings });
}

function explain({ application, identity }: TestPlatform, change: object = {}) {
  const call = {
    agent: 'assistant',
    tool: 'refund',
    arguments: {},
    taint: [],
    typed_addresses: [],
    ...change,
  };
  return application.policies.explain(identity, call);
}

describe('an explanation', () => {
  it('names the rule that decides, the others that hold, and those that do not', async () => {
    await withPlatform({ agents, tools }, async (platform) => {
      await setPolicy(platform, { rules: [{ ask: 'ref*', approver: 'administrator', reason: 'Money.' }] });
      expect(await explain(platform, { arguments: { cents: 50 } })).toMatchObject({
        effect: 'ask',
        reason: 'Money.',
        approver: 'administrator',
        rule: { source: 'tenant', name: 'ask: ref*', file: null },
        also: [{ source: 'agent', name: 'allow: refund' }],
        not_holding: [],
      });
      const { not_holding: others } = await explain(platform, { arguments: { cents: 500 } });
      expect(others).toMatchObject([{ name: 'allow: refund' }]);
    });
  });

  it('is what happens: by role, labels, and time', async () => {
    await withPlatform({ agents: [{}], tools }, async (platform) => {
      await setPolicy(platform, {
        rules: [
          { deny: 'refund', roles: ['viewer'] },
          { ask: 'refund', taint: ['untrusted'] },
          { deny: 'refund', time: { days: ['sun'], zone: 'UTC' } },
        ],
      });
      const at = '2026-11-21T10:00:00Z';
      const effect = async (change: object) => (await explain(platform, { at, ...change })).effect;
      expect(await effect({})).toBe('allow');
      expect(await effect({ role: 'viewer' })).toBe('deny');
      expect(await effect({ taint: ['untrusted'] })).toBe('ask');
      expect(await effect({ at: '2026-11-22T10:00:00Z' })).toBe('deny');
    });
  });

  it('of what the agent does not have says what it has', async () => {
    await withPlatform({ agents, tools }, async (platform) => {
      await expect(explain(platform, { tool: 'refunt' })).rejects.toMatchObject({
        code: 'tool-unknown',
        message: expect.stringContaining('"refund"'),
      });
      await expect(explain(platform, { agent: 'nobody' })).rejects.toMatchObject({ code: 'agent-unknown' });
    });
  });
});

describe('the list of rules', () => {
  it('has all sources in their order, and what is built in', async () => {
    const options = { agents: [...agents, { name: 'other', permissions: [{ deny: '*' }] }], tools };
    await withPlatform(options, async (platform) => {
      await setPolicy(platform, { agents: ['oth*'], taint: 'deny', rules: [{ ask: 'look' }] });
      const { application, identity, stranger } = platform;
      const all = await application.policies.list(identity, { limit: 50 });
      expect(all.items.map(({ source, name }) => `${source} ${name}`).slice(0, 4)).toEqual([
        'tenant ask: look',
        'agent allow: refund',
        'agent deny: *',
        'default allow: control tools',
      ]);
      expect(all.taint).toBe('deny');
      const own = await application.policies.list(identity, { limit: 50, agent: 'assistant' });
      expect(own).toMatchObject({ taint: 'ask', items: expect.not.arrayContaining([{ source: 'tenant' }]) });
      const others = await application.policies.list(stranger, { limit: 50 });
      expect(others.items.some(({ source }) => source === 'tenant')).toBe(false);
    });
  });

  it('comes in pages', async () => {
    await withPlatform({ agents, tools }, async ({ application, identity }) => {
      const first = await application.policies.list(identity, { limit: 3 });
      const cursor = first.next_cursor ?? '';
      const rest = await application.policies.list(identity, { limit: 200, cursor });
      const whole = await application.policies.list(identity, { limit: 200 });
      expect([...first.items, ...rest.items]).toEqual(whole.items);
    });
  });
});

describe('rules in the settings of a tenant', () => {
  it('hold from the next call on, for that tenant alone, and unbind approvals', async () => {
    const refund = countingTool('refund');
    const calls = [{ tool: 'refund', arguments: { cents: 7 } }];
    const model = [{ calls }, { text: 'Done.' }, { calls }, { text: 'Done.' }];
    await withPlatform({ agents: [{}], tools: [refund.tool], model }, async (platform) => {
      await platform.run('Go');
      await setPolicy(platform, { rules: [{ deny: 'refund', reason: 'Not this month.' }] });
      const run = await platform.run('Go');
      expect(run.status).toBe('succeeded');
      expect(refund.executions).toHaveLength(1);
      expect(JSON.stringify(platform.model.requests[3]?.messages)).toContain('Not this month.');
    });
  });

  it.each([
    [{ rules: [{ deny: 'x', arguments: { url: { hosts: ['http://no'] } } }] }, 'arguments.url.hosts.0'],
    [{ rules: [{ deny: 'x', arguments: { c: { commands: ['**'] } } }] }, 'arguments.c.commands.0'],
    [{ rules: [{ deny: 'x', arguments: { c: { schema: { type: 'nothing' } } } }] }, 'arguments.c.schema'],
    [{ rules: [{ forbid: 'x' }] }, 'rules.0'],
    [{ rules: [{ deny: 'x', time: { zone: 'Mars/Olympus' } }] }, 'time.zone'],
  ])('that cannot be understood are refused: %j', async (...[policy, place]) => {
    await withPlatform({ agents, tools }, async (platform) => {
      const setting = setPolicy(platform, policy as unknown as PolicySet);
      await expect(setting).rejects.toMatchObject({ code: 'request-invalid' });
      const error = await setting.catch((thrown: unknown) => thrown);
      expect(JSON.stringify(error)).toContain(place);
    });
  });
});
