import { withPlatform, type TestPlatform } from '@batuta/testkit/platform';
import { ScriptedModel } from '@batuta/testkit/model';
import { describe, expect, it } from 'vitest';
import { ChangingSource } from './changing-source.ts';

const manyTools = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    name: `operation_${index}`,
    description:
      index === 150 ? 'Refunds an invoice to the customer.' : `Operation number ${index} on a thing.`,
  }));

async function resultsOf(platform: TestPlatform, sessionId: string) {
  const log = await platform.events(sessionId);
  return log.flatMap((event) => (event.kind === 'tool-call-settled' ? [event.data] : []));
}

describe('tools of a source', () => {
  it('are called by their short name, and judged by the name that files write', async () => {
    const tickets = new ChangingSource('mcp', 'tickets', [
      { name: 'create', readOnly: false },
      { name: 'list' },
    ]);
    const agents = [{ tools: ['mcp:tickets/*'], permissions: [{ deny: 'mcp:tickets/create' }] }];
    const model = new ScriptedModel([
      { calls: [{ tool: 'tickets_create' }, { tool: 'tickets_list' }] },
      { text: 'Ok.' },
    ]);
    await withPlatform({ model, agents, toolSources: [tickets] }, async (platform) => {
      const { session_id: sessionId } = await platform.run('Go');
      const [denied, listed] = await resultsOf(platform, sessionId);
      expect(denied).toMatchObject({ tool: 'tickets_create', outcome: 'denied' });
      expect(listed).toMatchObject({ tool: 'tickets_list', outcome: 'succeeded', content: 'list done' });
      expect(model.requests[0]?.tools.map(({ name }) => name)).toEqual(['tickets_list']);
    });
  });

  it('are known from the next turn on when they change', async () => {
    const source = new ChangingSource('mcp', 'files', [{ name: 'old' }]);
    const agents = [{ tools: ['mcp:files/*'] }];
    const model = new ScriptedModel(({ tools }) => {
      const names = tools.map(({ name }) => name);
      if (!names.includes('files_old')) return { text: names.join() };
      source.change([{ name: 'new' }]);
      return { calls: [{ tool: 'files_old' }] };
    });
    await withPlatform({ model, agents, toolSources: [source] }, async (platform) => {
      const ended = await platform.run('Go');
      expect(ended.output?.text).toBe('files_new');
      const [gone] = await resultsOf(platform, ended.session_id);
      expect(gone).toMatchObject({
        outcome: 'failed',
        content: expect.stringContaining('There is no tool "files_old"'),
      });
    });
  });

  it('that is away does not make its agents unsound', async () => {
    const agents = [{ tools: ['mcp:files/read'] }];
    const toolSources = [new ChangingSource('mcp', 'files')];
    await withPlatform({ model: () => ({ text: 'Hi.' }), agents, toolSources }, async (platform) => {
      expect(await platform.run('Go')).toMatchObject({ status: 'succeeded' });
    });
  });
});

describe('more tools than fit into the context', () => {
  const api = () => new ChangingSource('openapi', 'shop', manyTools(200));

  it('are found by what they do, and called from then on', async () => {
    const model = new ScriptedModel([
      { calls: [{ tool: 'find_tools', arguments: { task: 'refund invoice' } }] },
      { calls: [{ tool: 'shop_operation_150' }] },
      { text: 'Refunded.' },
    ]);
    await withPlatform(
      { model, agents: [{ tools: ['openapi:shop/*'] }], toolSources: [api()] },
      async (platform) => {
        const { session_id: sessionId } = await platform.run('Go');
        const [found, called] = await resultsOf(platform, sessionId);
        expect(found?.content).toContain('- shop_operation_150: Refunds an invoice');
        expect(called).toMatchObject({ tool: 'shop_operation_150', outcome: 'succeeded' });
        expect(model.requests[0]?.tools.map(({ name }) => name)).toEqual(['find_tools']);
        expect(model.requests[1]?.tools.map(({ name }) => name)).toContain('shop_operation_150');
      },
    );
  });

  it('stay found in the next runs of the session', async () => {
    const model = new ScriptedModel(({ tools, messages }) => {
      const knows = tools.some(({ name }) => name === 'shop_operation_150');
      if (knows) return { text: 'I know it.' };
      return { calls: [{ tool: 'find_tools', arguments: { task: `refund ${messages.length}` } }] };
    });
    await withPlatform(
      { model, agents: [{ tools: ['openapi:shop/*'] }], toolSources: [api()] },
      async (platform) => {
        const { session_id: sessionId } = await platform.run('Go');
        expect(await platform.run('Again', { sessionId })).toMatchObject({
          output: { text: 'I know it.' },
          turns: 1,
        });
      },
    );
  });

  it('are not found where a rule denies them', async () => {
    const agents = [{ tools: ['openapi:shop/*'], permissions: [{ deny: 'openapi:shop/operation_150' }] }];
    const model = [
      { calls: [{ tool: 'find_tools', arguments: { task: 'refund invoice' } }] },
      { text: 'No.' },
    ];
    await withPlatform({ model, agents, toolSources: [api()] }, async (platform) => {
      const { session_id: sessionId } = await platform.run('Go');
      const [found] = await resultsOf(platform, sessionId);
      expect(found?.content).not.toContain('operation_150');
    });
  });
});

describe('files that a call makes', () => {
  it('are stored with its result, named in it, and read by their id', async () => {
    const content = Buffer.from('a,b\n1,2\n');
    const answer = {
      text: 'Drawn.',
      files: [{ name: '../table.csv', mediaType: 'text/csv; charset=utf-8', content }],
    };
    const source = new ChangingSource('mcp', 'plots', [{ name: 'draw', readOnly: false, answer }]);
    const model = [{ calls: [{ tool: 'plots_draw' }] }, { text: 'Ok.' }];
    await withPlatform(
      { model, agents: [{ tools: ['mcp:plots/draw'] }], toolSources: [source] },
      async (platform) => {
        const { session_id: sessionId } = await platform.run('Go');
        const [drawn] = await resultsOf(platform, sessionId);
        const file = drawn?.files?.[0];
        expect(file).toMatchObject({ name: 'table.csv', media_type: 'text/csv', bytes: 8 });
        expect(drawn?.content).toBe(
          `Drawn.\n\nFiles:\n- table.csv (text/csv, 8 bytes): artifact ${file?.artifact_id}`,
        );
        const stored = await platform.application.artifacts.read(platform.identity, file?.artifact_id ?? '');
        expect(Buffer.from(stored.content).toString()).toBe('a,b\n1,2\n');
      },
    );
  });

  it('of a tool that says it failed is a failed call', async () => {
    const answer = { text: 'No such city.', failed: true };
    const source = new ChangingSource('mcp', 'maps', [{ name: 'find', answer }]);
    const model = [{ calls: [{ tool: 'maps_find' }] }, { text: 'Ok.' }];
    await withPlatform(
      { model, agents: [{ tools: ['mcp:maps/find'] }], toolSources: [source] },
      async (platform) => {
        const { session_id: sessionId } = await platform.run('Go');
        expect((await resultsOf(platform, sessionId))[0]).toMatchObject({
          outcome: 'failed',
          content: 'No such city.',
        });
      },
    );
  });
});
