import type { BatutaClient } from '@batuta/sdk';
import { startEmulator, text, toolCalls, type EmulatedRequest, type Emulator } from '@batuta/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { sourceId } from '../../src/domain/web/source-id.ts';
import { listenLocally, type LocalServer } from '../browser/egress-kit.ts';
import { clientOf, TestProject } from '../project/test-project.ts';

const model = 'openai/gpt-5.6';
let emulator: Emulator;
let site: LocalServer;
let project: TestProject;
let client: BatutaClient;
let searched: string[] = [];

/** A search engine and the pages that it finds, as one server. */
beforeAll(async () => {
  emulator = await startEmulator();
  site = await listenLocally((request, response) => {
    const url = new URL(request.url ?? '/', site.url);
    const query = url.searchParams.get('q');
    if (query !== null) searched.push(query);
    const found = ['/bridge', '/report'].map((path) => ({
      url: site.url + path,
      title: path,
      content: `About ${query}`,
    }));
    const page = {
      '/bridge': '<p>The bridge is 2,280 m long.</p>',
      '/report': '<p>Length of the bridge: 2278 m (2019).</p>',
    }[url.pathname];
    response.setHeader('content-type', query === null ? 'text/html' : 'application/json');
    response
      .writeHead(query !== null || page ? 200 : 404)
      .end(query === null ? page : JSON.stringify({ results: found }));
  });
  project = new TestProject({
    environment: { OPENAI_API_KEY: 'test', OPENAI_BASE_URL: emulator.addresses.openai },
    overrides: {
      'model.default': model,
      'web.searxng_url': site.url,
      'web.allow_private': new URL(site.url).host,
    },
  });
  client = clientOf(await project.start());
});
beforeEach(() => {
  emulator.reset();
  searched = [];
});
afterAll(async () => {
  await project[Symbol.asyncDispose]();
  await emulator.stop();
  await site.close();
});

function resultsOf(request: EmulatedRequest | undefined): string[] {
  return (request?.messages ?? []).flatMap(({ toolResults }) => toolResults.map((result) => result.text));
}

test('searches several queries at once, reads what was found, and cites what it has read', async () => {
  const ids = ['/bridge', '/report'].map((path) => sourceId(site.url + path));
  const answer = `About 2,280 m [${ids[0]}]; a report of 2019 has 2278 m [${ids[1]}].`;
  const turns = [
    toolCalls(
      ['length of the bridge', 'bridge report 2019'].map((query) => ({
        name: 'web_search',
        arguments: { query },
      })),
    ),
    toolCalls(
      ['/bridge', '/report'].map((path) => ({ name: 'web_fetch', arguments: { url: site.url + path } })),
    ),
    text(answer),
  ];
  emulator.script(() => turns[emulator.requests.length - 1] ?? text('no more'));
  const { id } = await client.runs.create({ agent: 'deep-researcher', input: 'How long is the bridge?' });
  expect(await client.runs.wait(id)).toMatchObject({ status: 'succeeded', output: { text: answer } });
  expect(searched.toSorted()).toEqual(['bridge report 2019', 'length of the bridge']);
  const [, found, read] = emulator.requests;
  for (const each of ids) expect(resultsOf(found).join('\n')).toContain(`[${each}]`);
  expect(resultsOf(read).join('\n')).toMatch(/2,280 m long[\s\S]*2278 m \(2019\)/);
});
