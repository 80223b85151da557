import { withPlatform, type TestPlatform } from '@batuta/testkit/platform';
import { describe, expect, inject, it } from 'vitest';
import { authorised } from '../../src/application/tool/authorised.ts';
import type { ExecutableTool, ToolAnswer, ToolContext, ToolQuestion } from '../../src/port/tool.ts';
import { accept, ended, withProcesses } from './processes.ts';
import { countingTool } from './tool-fixtures.ts';

const scripted = [{ calls: [{ tool: 'work' }] }, { text: 'Done.' }];

function workTool(execute: (context: ToolContext) => Promise<string>) {
  const { tool, executions } = countingTool('work', {
    execute: (_, context) => execute(context),
    timeoutMs: 400,
  });
  return { tool: tool as ExecutableTool, executions };
}

/** As whoever takes up the consent does it. */
async function tellAuthorised({ stores, worker, identity }: TestPlatform) {
  await authorised({ runs: stores.runs, notify: { queued: (id) => worker?.queued(id) } }, identity.tenantId);
}

async function resultOf(platform: TestPlatform, sessionId: string) {
  const log = await platform.events(sessionId);
  return log.flatMap((event) => (event.kind === 'tool-call-settled' ? [event.data] : []))[0];
}

async function openQuestion(platform: TestPlatform, runId: string) {
  const { items } = await platform.application.approvals.list(platform.identity, {
    pending: true,
    run_id: runId,
    limit: 10,
  });
  return items[0];
}

/** A tool that asks and tells what it was answered, its call's time limit being shorter than the person takes. */
function asking(question: ToolQuestion) {
  const asked = Promise.withResolvers<void>();
  const { tool } = workTool(async (context) => {
    const answer: Promise<ToolAnswer> = context.ask(question);
    asked.resolve();
    return JSON.stringify(await answer);
  });
  return { tool, asked: asked.promise };
}

describe('a call under way', () => {
  it('tells how far it has come, before it ends and not too often', async () => {
    const { tool } = workTool(async (context) => {
      for (let part = 1; part <= 50; part += 1)
        context.progress({ message: `part ${part}`, share: part / 50 });
      await Promise.resolve();
      return 'all';
    });
    await withPlatform({ model: scripted, tools: [tool] }, async (platform) => {
      const { session_id: sessionId } = await platform.run('Go');
      const log = await platform.events(sessionId);
      const reports = log.filter(({ kind }) => kind === 'tool-call-progressed');
      expect(reports.length).toBeLessThan(3);
      expect(await resultOf(platform, sessionId)).toMatchObject({ outcome: 'succeeded', content: 'all' });
    });
  });

  it('tells nothing that is secret', async () => {
    const key = `sk-ant-api03-${'a1B2'.repeat(23)}-AAAAAAAA`;
    const go = Promise.withResolvers<void>();
    const { tool } = workTool(async (context) => {
      context.progress({ message: `signed in with ${key}` });
      await go.promise;
      return 'all';
    });
    await withPlatform({ model: scripted, tools: [tool] }, async (platform) => {
      const run = await accept(platform);
      await platform.signals.reached(
        'commit-after',
        ({ events }) => events?.includes('tool-call-progressed') === true,
      );
      go.resolve();
      await ended(platform, run.id);
      expect(JSON.stringify(await platform.events(run.session_id))).not.toContain(key);
    });
  });
});

describe('a question of a call under way', () => {
  it('is answered by a message while the run goes on', async () => {
    const { tool } = asking({ question: 'Which colour?' });
    await withPlatform({ model: scripted, tools: [tool] }, async (platform) => {
      const run = await accept(platform);
      await platform.signals.reached(
        'commit-after',
        ({ events }) => events?.includes('input-requested') === true,
      );
      expect(await openQuestion(platform, run.id)).toMatchObject({
        reason: 'question',
        decisions: ['answer', 'deny'],
      });
      await platform.application.runs.addMessage(platform.identity, run.id, 'Blue.');
      expect(await ended(platform, run.id)).toMatchObject({ status: 'succeeded' });
      const { content } = (await resultOf(platform, run.session_id)) ?? {};
      expect(content).toBe('{"action":"accept","content":{"answer":"Blue."}}');
    });
  });

  it('can be declined', async () => {
    const { tool } = asking({ question: 'May I?' });
    await withPlatform({ model: scripted, tools: [tool] }, async (platform) => {
      const run = await accept(platform);
      await platform.signals.reached(
        'commit-after',
        ({ events }) => events?.includes('input-requested') === true,
      );
      const question = await openQuestion(platform, run.id);
      await platform.application.approvals.decide(platform.identity, question?.id ?? '', {
        decision: 'deny',
      });
      await ended(platform, run.id);
      expect(await resultOf(platform, run.session_id)).toMatchObject({ content: '{"action":"decline"}' });
    });
  });

  it('that nobody answers in time is cancelled, and can be answered no more', async () => {
    const { tool } = asking({ question: 'Anybody?' });
    const options = { model: scripted, tools: [tool], settings: { questionMs: 30 } };
    await withPlatform(options, async (platform) => {
      const { id, session_id: sessionId } = await platform.run('Go');
      expect(await resultOf(platform, sessionId)).toMatchObject({ content: '{"action":"cancel"}' });
      expect(await openQuestion(platform, id)).toBeUndefined();
    });
  });

  it('is asked again when the answer is not of its form', async () => {
    const schema = { type: 'object', properties: { count: { type: 'integer' } }, required: ['count'] };
    const { tool } = asking({ question: 'How many?', schema });
    await withPlatform({ model: scripted, tools: [tool] }, async (platform) => {
      const run = await accept(platform);
      const isAsked = ({ events }: { events?: readonly string[] }) =>
        events?.includes('input-requested') === true;
      await platform.signals.reached('commit-after', isAsked);
      const again = platform.signals.next('commit-after', isAsked);
      await platform.application.runs.addMessage(platform.identity, run.id, 'many');
      await again;
      await platform.application.runs.addMessage(platform.identity, run.id, '7');
      await ended(platform, run.id);
      expect(await resultOf(platform, run.session_id)).toMatchObject({
        content: '{"action":"accept","content":{"count":7}}',
      });
    });
  });

  it('of a process that is gone is withdrawn by the one that goes on', async () => {
    const { tool } = asking({ question: 'Still there?' });
    const process = { model: scripted, tools: [tool], leaseMs: 300 };
    const other = { ...process, tools: [workTool(async () => 'without asking').tool] };
    await withProcesses([process, other], async (first, second) => {
      const run = await accept(first);
      await first.signals.reached(
        'commit-after',
        ({ events }) => events?.includes('input-requested') === true,
      );
      await first.stop(0);
      await ended(second, run.id);
      expect(await openQuestion(second, run.id)).toBeUndefined();
    });
  });
});

describe.each(['pglite', 'postgres'] as const)('a call that needs a consent elsewhere, on %s', (database) => {
  const consenting = () => {
    const given = { consent: false };
    const { tool, executions } = workTool(async () => 'worked');
    const authorization = async () =>
      given.consent ? null : { server: 'mcp:calendar', url: 'https://consent.example/start?state=1' };
    return { tool: { ...tool, authorization }, executions, given };
  };
  const options = { database, postgresUrl: inject('postgresUrl') };

  it('makes the run wait with the address, is not claimed, and is executed once when it was given', async () => {
    const { tool, executions, given } = consenting();
    await withPlatform({ ...options, model: scripted, tools: [tool] }, async (platform) => {
      const waiting = await platform.run('Go');
      expect(waiting).toMatchObject({ status: 'waiting', waiting_for: 'authorization' });
      const kinds = (await platform.events(waiting.session_id)).map(({ kind }) => kind);
      expect(kinds).toContain('authorization-requested');
      expect(kinds).not.toContain('tool-call-claimed');
      const released = platform.signals.next('run-released');
      await tellAuthorised(platform);
      await released;
      given.consent = true;
      await tellAuthorised(platform);
      expect(await ended(platform, waiting.id)).toMatchObject({ status: 'succeeded' });
      expect(executions).toHaveLength(1);
    });
  });
});
