import { BatutaClient } from '@batuta/sdk';
import type { Client } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listenLocally, type LocalServer } from '../browser/egress-kit.ts';
import { administratorKey, TestProject } from '../project/test-project.ts';
import { connectClient, textOf } from './connect.ts';

const hands = (tools: string, permissions = '[]') => `---
name: hands
description: Makes single calls of tools.
model: offline/direct
tools: ${tools}
permissions: ${permissions}
---

You make single calls.
`;

const names = ['web_search', 'web_fetch', 'run_code', 'browse_page'];
const page =
  '<title>Harbour</title><main><h1>Ships</h1><p id="p"></p></main><script>p.textContent="Seven ships"</script>';
const found = { results: [{ url: 'https://ships.test/', title: 'Ships', content: 'About ships.' }] };

async function offered(client: Client) {
  return (await client.listTools()).tools.filter(({ name }) => names.includes(name));
}

describe('tools of agents under names of their own', () => {
  let project: TestProject;
  let site: LocalServer;
  let client: Client;
  let api: BatutaClient;
  beforeAll(async () => {
    site = await listenLocally(({ url = '' }, response) => {
      const isSearch = url.startsWith('/search');
      response.setHeader('content-type', isSearch ? 'application/json' : 'text/html');
      response.end(isSearch ? JSON.stringify(found) : page);
    });
    const { host } = new URL(site.url);
    const rules = '[{ ask: run_node }, { allow: "*" }]';
    project = new TestProject({
      agents: { hands: hands('[web_search, web_fetch, run_python, run_node, browser_open]', rules) },
      environment: { BATUTA_WEB_SEARXNG_URL: site.url },
      overrides: { 'web.allow_private': host, 'browser.allow_private': host },
    });
    const { url } = await project.start();
    client = await connectClient(url ?? '', administratorKey, '2026-07-28');
    api = new BatutaClient({ baseUrl: url ?? '', key: administratorKey });
  });
  afterAll(async () => {
    await client.close();
    await Promise.all([project[Symbol.asyncDispose](), site.close()]);
  });

  async function call(name: string, input: Record<string, unknown>) {
    const { structuredContent, isError = false } = await client.callTool({ name, arguments: input });
    return { isError, ...(structuredContent as { text: string; session_id: string; next: string }) };
  }

  test('are offered with what they take and what they do', async () => {
    const tools = await offered(client);
    expect(tools.map(({ name, annotations }) => [name, annotations?.readOnlyHint])).toEqual([
      ['web_search', true],
      ['web_fetch', true],
      ['run_code', false],
      ['browse_page', true],
    ]);
    expect(tools[2]?.inputSchema.properties).toMatchObject({ language: { enum: ['python', 'node'] } });
  });

  test('leave the list of all tools under 4,000 tokens', async () => {
    const { tools } = await client.listTools();
    const told = tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
    expect(JSON.stringify(told).length / 4).toBeLessThan(4_000);
  });

  test.each([
    ['web_search', () => ({ query: 'ships' }), /^\[w\w+\] Ships\nhttps:\/\/ships\.test\//],
    ['web_fetch', (url: string) => ({ url }), /Harbour/],
    ['run_code', () => ({ language: 'python', code: 'print(6 * 7)' }), /^42\n\[exit code 0/],
    ['browse_page', (url: string) => ({ url }), /Seven ships/],
  ])('%s gives what its tool gives', { timeout: 60_000 }, async (name, input, said) => {
    const answer = await call(name, input(`${site.url}/`));
    expect(answer).toMatchObject({ isError: false, failed: false, text: expect.stringMatching(said) });
  });

  test('are runs whose log accounts for the call, and sessions that go on', async () => {
    const write = { language: 'python', code: 'open("kept", "w").write("still here")' };
    const { session_id } = await call('run_code', write);
    const read = { language: 'python', code: 'print(open("kept").read())', session_id };
    expect(await call('run_code', read)).toMatchObject({ text: expect.stringMatching(/^still here/) });
    const { items } = await api.sessions.log(session_id);
    const kinds = items.map(({ kind }) => kind).filter((kind) => /^tool-call-(claimed|settled)$/.test(kind));
    const once = ['tool-call-claimed', 'tool-call-settled'];
    expect(kinds).toEqual([...once, ...once]);
  });

  test('wait for a person where a rule asks, and say when they failed', async () => {
    const asked = await call('run_code', { language: 'node', code: '1' });
    expect(asked).toMatchObject({
      status: 'waiting',
      failed: false,
      next: expect.stringContaining('list_approvals'),
    });
    const refused = await call('web_fetch', { url: 'http://10.0.0.1/' });
    expect(refused).toMatchObject({ isError: true, failed: true, status: 'succeeded' });
  });
});

test('are left out where something is missing, and say what', { timeout: 60_000 }, async () => {
  const overrides = { 'browser.executable': '/none/chromium' };
  await using project = new TestProject({
    agents: { hands: hands('[web_search, browser_open]') },
    overrides,
  });
  const { url } = await project.start();
  const client = await connectClient(url ?? '', administratorKey, '2025-11-25');
  expect(await offered(client)).toEqual([]);
  const said = async (name: string, input: Record<string, unknown>) =>
    textOf(await client.callTool({ name, arguments: input }));
  expect(await said('web_search', { query: 'x' })).toContain('BATUTA_WEB_SEARXNG_URL');
  expect(await said('browse_page', { url: 'https://example.com/' })).toContain('no Chromium');
  expect(await said('run_code', { language: 'python', code: '1' })).toContain('"tools: [run_python]"');
  await client.close();
});
