import type { Event } from '@batuta/contract';
import type { TestPlatform } from '@batuta/testkit/platform';
import { describe, expect, it } from 'vitest';
import { processesWith } from '../sandbox/host.ts';
import { expectSendable, lastResults } from './model-fixtures.ts';
import { accept, ended } from './processes.ts';
import { withWorkspaceTools } from './sandbox-fixtures.ts';

const write = (path: string, content: string) => ({ tool: 'write_file', arguments: { path, content } });
const shell = (script: string) => ({ tool: 'shell', arguments: { script } });

function results(platform: TestPlatform, request: number): string[] {
  return lastResults(platform.model.requests[request]).map(({ content }) => content);
}

const kindsOf = (log: readonly Event[]): string[] => log.map(({ kind }) => kind);

describe('an agent with a workspace', () => {
  it('writes a program, runs it and mends it, without asking anybody, and each effect is claimed', async () => {
    const model = [
      { calls: [write('sum.py', 'print(sum(range(10))'), shell('python3 sum.py')] },
      {
        calls: [
          { tool: 'edit_file', arguments: { path: 'sum.py', old_text: '10)', new_text: '10))' } },
          shell('python3 sum.py'),
        ],
      },
      { text: 'It is 45.' },
    ];
    await withWorkspaceTools({ model }, async (platform) => {
      const run = await platform.run('What is the sum?');
      expect(run).toMatchObject({ status: 'succeeded', turns: 3 });
      expect(results(platform, 1)).toEqual([
        expect.stringContaining('sum.py has been written'),
        expect.stringMatching(/SyntaxError[^]*exit code 1/),
      ]);
      expect(results(platform, 2)[1]).toMatch(/^45\n\[exit code 0/);
      const log = kindsOf(await platform.events(run.session_id));
      expect(log).not.toContain('approval-requested');
      expect(log.filter((kind) => kind === 'tool-call-claimed')).toHaveLength(4);
      for (const { messages } of platform.model.requests) expectSendable(messages);
    });
  });

  it('finds its files again in the next run of the session, and another session does not', async () => {
    const read = { tool: 'read_file', arguments: { path: 'plan.md' } };
    const model = [
      { calls: [write('plan.md', 'first this')] },
      { text: 'Kept.' },
      { calls: [read] },
      { text: 'Read.' },
      { calls: [read] },
      { text: 'Nothing.' },
    ];
    await withWorkspaceTools({ model }, async (platform) => {
      const first = await platform.run('Plan');
      await platform.run('And?', { sessionId: first.session_id });
      await platform.run('And?');
      expect(results(platform, 3)).toEqual(['first this']);
      expect(results(platform, 5)).toEqual([expect.stringContaining('There is nothing at "plan.md"')]);
    });
  });

  it('goes on after whatever a command has tried', async () => {
    const model = [
      {
        calls: [
          shell('yes'),
          shell('sleep 60'),
          shell('python3 -c "b=bytearray(10**9)"'),
          shell('cat /etc/shadow'),
        ],
      },
      { calls: [shell('echo still here')] },
      { text: 'Done.' },
    ];
    await withWorkspaceTools({ model, limits: { seconds: 1 } }, async (platform) => {
      expect(await platform.run('Try')).toMatchObject({ status: 'succeeded', turns: 3 });
      const [flood, slow, memory, shadow] = results(platform, 1);
      expect(flood).toMatch(/wrote more than|artifact/);
      expect(slow).toMatch(/may take 1 s/);
      expect(memory).toMatch(/out of memory/);
      expect(shadow).toMatch(/No such file/);
      expect(results(platform, 2)[0]).toMatch(/^still here/);
    });
  });

  it('hands files over as artifacts, and keeps what is too long for the context', async () => {
    const model = [
      { calls: [write('table.csv', 'a,b\n1,2\n'), shell('seq 1 5000')] },
      { calls: [{ tool: 'read_file', arguments: { path: 'table.csv', as_artifact: true } }] },
      { text: 'Here it is.' },
    ];
    await withWorkspaceTools({ model }, async (platform) => {
      const run = await platform.run('Make a table');
      const settled = (await platform.events(run.session_id)).flatMap((event) =>
        event.kind === 'tool-call-settled' ? [event.data] : [],
      );
      expect(settled.find(({ files }) => files)?.files).toMatchObject([
        { name: 'table.csv', media_type: 'text/csv', bytes: 8 },
      ]);
      expect(settled.find(({ artifact }) => artifact)?.artifact?.bytes).toBeGreaterThan(20_000);
    });
  });

  it('is stopped with its run, and nothing of it goes on', async () => {
    const model = [{ calls: [shell('echo begun; sleep 61.5')] }, { text: 'Never.' }];
    await withWorkspaceTools({ model }, async (platform) => {
      const { id } = await accept(platform);
      await platform.signals.reached('tool-before');
      await platform.application.runs.cancel(platform.identity, id);
      expect(await ended(platform, id)).toMatchObject({ status: 'cancelled' });
      await expect.poll(() => processesWith('sleep\u000061.5'), { interval: 10 }).toEqual([]);
    });
  });
});

describe('an agent whose commands nothing keeps in', () => {
  it('asks for every command, and not for files of its workspace', async () => {
    const model = [{ calls: [write('a', 'x'), shell('cat a')] }, { text: 'Never.' }];
    await withWorkspaceTools({ model, kind: 'none' }, async (platform) => {
      const { id } = await accept(platform);
      await platform.signals.reached('run-released');
      const page = await platform.application.approvals.list(platform.identity, { pending: true, limit: 9 });
      expect(page.items).toMatchObject([{ run_id: id, tool: 'shell', arguments: '{"script":"cat a"}' }]);
    });
  });
});
