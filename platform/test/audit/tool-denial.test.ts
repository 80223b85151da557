import { withPlatform } from '@batuta/testkit/platform';
import { expect, test } from 'vitest';
import { countingTool } from '../scenario/tool-fixtures.ts';

test('a call that a rule denies is in the audit log, with who asked for the run and what denied it', async () => {
  const refund = countingTool('refund');
  const model = [{ calls: [{ tool: 'refund', arguments: { order: 7 } }] }, { text: 'No.' }];
  const agents = [{ permissions: [{ deny: 'refund' }] }];
  await withPlatform({ model, agents, tools: [refund.tool] }, async (platform) => {
    const run = await platform.run('Go');
    await platform.flushAudit();
    const { tenantId, name } = platform.identity;
    const found = await platform.stores.audits.list(tenantId, { action: 'tool-call-denied', limit: 9 });
    expect(found).toMatchObject([{ kind: 'security', outcome: 'refused', target: run.id, actorName: name }]);
    expect(found[0]?.reason).toContain('deny: refund');
    expect(JSON.parse(found[0]?.after ?? '{}')).toMatchObject({ tool: 'refund' });
  });
});
