import { afterEach, describe, expect, test, vi } from 'vitest';
import type { ToolAnswer } from '../../src/port/tool.ts';
import { KeptLog } from './kept-log.ts';
import { call, callIn, closeSources, openSource, own, toolOf } from './open-source.ts';

afterEach(closeSources);

const hostile = (...habits: string[]) => own('hostile-server.ts', '2025', ...habits);

const unavailable = (reason: string) => ({
  code: 'tool-server-unavailable',
  data: { server: 'tickets', reason: expect.stringContaining(reason) },
});

const lost = (reason: string) => ({
  code: 'tool-outcome-unknown',
  data: { tool: expect.any(String), reason: expect.stringContaining(reason) },
});

describe.each(['2025', '2026'])('a server of the era of %s', (era) => {
  const server = (...habits: string[]) => own('hostile-server.ts', era, ...habits);

  test('that dies in mid-call is started again, and the call says that nobody knows', async () => {
    const source = await openSource(server());
    await expect(call(source, 'die')).rejects.toMatchObject(lost('ended with code 3'));
    expect((await call(source, 'say', { text: 'back' })).text).toBe('back');
  });

  test('that answers garbage is a failed call, and goes on', async () => {
    const source = await openSource(server());
    await expect(call(source, 'garble')).rejects.toMatchObject({ code: 'tool-server-problem' });
    expect((await call(source, 'say', { text: 'fine' })).text).toBe('fine');
  });

  test('that answers somebody else leaves the call to its time limit', async () => {
    const source = await openSource(server());
    const signal = AbortSignal.timeout(300);
    await expect(callIn({ signal }, source)('answer_another')).rejects.toMatchObject({
      code: 'tool-outcome-unknown',
    });
    expect((await call(source, 'say', { text: 'fine' })).text).toBe('fine');
  });

  test('whose answer is larger than allowed is cut off and started again', async () => {
    const source = await openSource(server());
    await expect(call(source, 'answer_much')).rejects.toMatchObject(lost('more than 1 MB'));
    expect((await call(source, 'say', { text: 'small' })).text).toBe('small');
  });

  test('that floods is cut off and started again', async () => {
    const source = await openSource(server());
    await expect(call(source, 'flood')).rejects.toMatchObject(lost('more messages than can be read'));
    expect((await call(source, 'say', { text: 'calm' })).text).toBe('calm');
  });

  test('whose tools change says so: none is lost, none is stale, and the call under way ends', async () => {
    const source = await openSource(server());
    const { revision } = source;
    const gone = toolOf(source, 'say');
    const slow = call(source, 'slow');
    await call(source, 'change', { text: 'change slow newest' });
    await vi.waitFor(() => expect(source.tools()).toHaveLength(3));
    expect(source.revision).toBe(revision + 1);
    expect(toolOf(source, 'newest').reference).toBe('mcp:tickets/newest');
    await expect(callTool(gone)).rejects.toMatchObject({ code: 'tool-gone' });
    expect((await slow).text).toBe('at last');
  });

  test('may ask the person behind the call', async () => {
    const source = await openSource(server());
    const asked: unknown[] = [];
    const ask = async (question: unknown) => {
      asked.push(question);
      return { action: 'accept' as const, content: { colour: 'green' } };
    };
    const { text } = await callIn({ ask }, source)('ask');
    expect(text).toContain('"action":"accept","content":{"colour":"green"}');
    expect(asked).toEqual([
      {
        question: 'tickets asks: Which colour?',
        schema: { type: 'object', properties: { colour: { type: 'string' } } },
      },
    ]);
    expect((await call(source, 'ask')).text).toContain('"action":"cancel"');
  });
});

async function callTool(tool: ReturnType<typeof toolOf>): Promise<unknown> {
  return await tool.execute({}, (await import('../tool/tool-context.ts')).toolContext());
}

test('a question that could be of several runs is asked nobody', async () => {
  const source = await openSource(hostile());
  const ask = vi.fn<() => Promise<ToolAnswer>>(async () => ({ action: 'decline' }));
  const slow = callIn({ ask, runId: 'run_2' }, source)('slow');
  expect((await callIn({ ask, runId: 'run_1' }, source)('ask')).text).toContain('cancel');
  await slow;
  expect(ask).not.toHaveBeenCalled();
});

test('a server that does not say that its tools changed is asked from time to time', async () => {
  const source = await openSource(hostile('untold'), { refreshMs: 100 });
  await call(source, 'change', { text: 'only' });
  await vi.waitFor(() => expect(source.tools().map(({ name }) => name)).toEqual(['tickets_only']));
});

test('a server that never greets is failing within its time, and other servers are not kept waiting', async () => {
  const began = performance.now();
  const source = await openSource(hostile('silent'), { limits: { startMs: 500 } });
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(source.status()).toMatchObject({
    state: 'failing',
    problems: [unavailable('did not answer in time')],
  });
});

test('a server that writes what is no message is failing, with the words that it wrote', async () => {
  const source = await openSource(hostile('welcoming'));
  expect(JSON.stringify(source.status().problems)).toContain('Welcome to my server');
});

test('a server that ends when it is asked for its era is greeted the old way', async () => {
  const source = await openSource(hostile('touchy'));
  expect((await call(source, 'say', { text: 'hello' })).text).toBe('hello');
});

test('a list that never ends is cut, and so is one that is too long', async () => {
  const endless = await openSource(hostile('endless'), { limits: { tools: 100 } });
  expect(endless.status()).toMatchObject({
    state: 'ready',
    tools: 100,
    problems: [{ code: 'tool-server-problem' }],
  });
  const many = await openSource(hostile('many'), { limits: { tools: 50 } });
  expect(many.status()).toMatchObject({ state: 'ready', tools: 50 });
});

test('a list that is none is a failing server, and says so', async () => {
  const source = await openSource(hostile('listless'));
  expect(source.status()).toMatchObject({ state: 'failing', tools: 0 });
});

test('a command that is not there says what the system says', async () => {
  const place = { ...hostile(), command: '/nowhere/server' };
  const source = await openSource(place);
  expect(source.status()).toMatchObject({ state: 'failing', problems: [unavailable('/nowhere/server')] });
});

test('a call that hangs frees its connection for the next one', async () => {
  const source = await openSource(hostile(), { limits: { startMs: 1_000 } });
  const signal = AbortSignal.timeout(200);
  await expect(callIn({ signal }, source)('hang')).rejects.toMatchObject({ code: 'tool-outcome-unknown' });
  await vi.waitFor(async () => expect((await callSoon(source)).text).toBe('alive'), { timeout: 9_000 });
}, 12_000);

async function callSoon(source: Parameters<typeof call>[0]) {
  return await callIn({ signal: AbortSignal.timeout(500) }, source)('say', { text: 'alive' });
}

test('what a server says on its standard error is logged, so much of it', async () => {
  const log = new KeptLog();
  await openSource(hostile('chatty'), { log });
  const said = log.lines.filter(({ message }) => message === 'tool server says');
  expect(said[0]?.fields).toEqual({ server: 'tickets', line: 'hostile server is there' });
  expect(said).toHaveLength(60);
});

test('of an untrusted server nothing is believed, unless people have written it', async () => {
  const facts = { count: { readOnly: true } };
  const source = await openSource(hostile(), { untrusted: true, facts });
  expect(toolOf(source, 'say')).toMatchObject({
    undeclared: true,
    description: '[tickets says, and nobody has checked it:] Does say.',
    annotations: { readOnly: false, destructive: true, openWorld: true, untrusted: true },
  });
  expect(toolOf(source, 'count')).not.toHaveProperty('undeclared');
  expect(toolOf(source, 'count').annotations).toMatchObject({
    readOnly: true,
    destructive: false,
    untrusted: true,
  });
});

test('a server that never greets keeps nobody from stopping', async () => {
  const opening = openSource(hostile('silent'), { limits: { startMs: 60_000 } });
  const began = performance.now();
  await closeSources();
  await opening;
  expect(performance.now() - began).toBeLessThan(10_000);
});
