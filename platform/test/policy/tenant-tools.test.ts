import { withPlatform, type TestPlatform } from '@batuta/testkit/platform';
import { describe, expect, it } from 'vitest';
import { countingTool } from '../scenario/tool-fixtures.ts';

const withTools = (test: (platform: TestPlatform) => Promise<void>) =>
  withPlatform({ tools: [countingTool('read_ticket').tool], agents: [{}, { name: 'writer' }] }, test);

function change({ application, identity }: TestPlatform, rules: object[]) {
  return application.tenant.change(identity, { settings: { policy: { rules } as never } });
}

describe('the policy of a tenant', () => {
  it.each([
    ['deny', 'read_tickets', 'there is no tool "read_tickets". Did you mean "read_ticket"?'],
    ['ask', 'agent:wirter', 'there is no agent "wirter" to delegate to. Did you mean "agent:writer"?'],
  ])('is refused that means to %s %s, with the nearest name', async (effect, tool, message) => {
    await withTools(async (platform) => {
      const refused = change(platform, [{ allow: 'read_ticket' }, { [effect]: tool }]);
      const path = `body.settings.policy.rules.1.${effect}`;
      await expect(refused).rejects.toMatchObject({
        code: 'request-invalid',
        data: { issues: [{ path, message }] },
      });
      expect((await platform.application.tenant.get(platform.identity)).settings.policy).toBeUndefined();
    });
  });

  it.each([
    'read_ticket',
    'read_*',
    'delete_*',
    '*',
    'agent:writer',
    'agent:*',
    'mcp:crm/delete',
    'openapi:shop/pay',
  ])('may name %s', async (tool) => {
    await withTools(async (platform) => {
      const changed = await change(platform, [{ deny: tool }]);
      expect(changed.settings.policy?.rules).toEqual([{ deny: tool }]);
    });
  });

  it('is changed only by who may change policies, whatever else they may set', async () => {
    await withTools(async (platform) => {
      const { application, identity } = platform;
      const clerk = { ...identity, scopes: new Set(['settings:write'] as const) };
      const settings = { policy: { rules: [] } } as never;
      await expect(application.tenant.change(clerk, { settings })).rejects.toMatchObject({
        code: 'permission-missing',
        data: { scope: 'policies:write' },
      });
      expect(await application.tenant.change(clerk, { name: 'Acme' })).toMatchObject({ name: 'Acme' });
    });
  });
});
