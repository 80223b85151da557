import { withPlatform, type TestPlatform } from '@batuta/testkit/platform';
import { describe, expect, it } from 'vitest';
import { countingTool } from '../scenario/tool-fixtures.ts';

const agents = [
  { tools: ['read_ticket', 'send_mail'] },
  { name: 'hands', model: ['offline/direct'], tools: ['read_ticket', 'send_mail'], permissions: [] },
];
const tools = [
  countingTool('read_ticket', { readOnly: true }).tool,
  countingTool('send_mail', { readOnly: false, destructive: false }).tool,
];
const rules = [{ deny: 'read_ticket' }, { ask: 'send_mail', arguments: { n: { equals: 9 } } }];

/** Two tenants, of which the second denies one tool and asks about some calls of the other. */
function withTwoTenants(test: (platform: TestPlatform) => Promise<void>): Promise<void> {
  return withPlatform({ tools, agents }, async (platform) => {
    const settings = { policy: { rules } as never };
    await platform.application.tenant.change(platform.stranger, { settings });
    await test(platform);
  });
}

describe('what is told of tools to two tenants', () => {
  it('is what the rules of each say', async () => {
    await withTwoTenants(async ({ application, identity, stranger }) => {
      const told = async (asker: typeof identity) => {
        const { items } = await application.tools.list(asker, { limit: 200 });
        const own = items.filter(({ name }) => tools.some((tool) => tool.name === name));
        return own.map(({ name, policy }) => `${name}: ${policy}`);
      };
      expect(await told(identity)).toEqual(['read_ticket: allow', 'send_mail: ask']);
      expect(await told(stranger)).toEqual(['read_ticket: deny', 'send_mail: ask']);
    });
  });

  it('names the rule, and what each agent may', async () => {
    await withTwoTenants(async ({ application, identity, stranger }) => {
      expect(await application.tools.get(identity, 'read_ticket')).toMatchObject({
        standing: { effect: 'allow', conditional: false, rule: { source: 'default' } },
        agents: [
          { agent: 'assistant', effect: 'allow', rule: { source: 'agent' } },
          { agent: 'hands', effect: 'allow', rule: { source: 'default' } },
        ],
      });
      expect(await application.tools.get(stranger, 'send_mail')).toMatchObject({
        standing: { effect: 'ask', conditional: true },
        agents: [{ effect: 'allow' }, { effect: 'ask' }],
        input_schema: { type: 'object' },
      });
    });
  });

  it('offers for single calls what the rules of each do not deny', async () => {
    await withTwoTenants(async ({ application, identity, stranger }) => {
      const offered = async (asker: typeof identity) =>
        (await application.tools.single(asker)).map(({ name, agent }) => `${agent}: ${name}`);
      expect(await offered(identity)).toEqual(['hands: read_ticket', 'hands: send_mail']);
      expect(await offered(stranger)).toEqual(['hands: send_mail']);
    });
  });
});
