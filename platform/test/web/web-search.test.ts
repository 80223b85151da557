import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeBraveSearch } from '../../src/adapter/web-search/brave-search.ts';
import { makeGoogleSearch } from '../../src/adapter/web-search/google-search.ts';
import { makeSearxngSearch } from '../../src/adapter/web-search/searxng-search.ts';
import { makeTavilySearch } from '../../src/adapter/web-search/tavily-search.ts';
import { makeWebSearchTool } from '../../src/application/web/web-search-tool.ts';
import type { WebSearch } from '../../src/port/web-search.ts';
import { listenLocally, type LocalServer } from '../browser/egress-kit.ts';
import { said } from './said.ts';
import { toolContext } from '../tool/tool-context.ts';

let server: LocalServer;
let answer: { status: number; body: unknown } = { status: 200, body: {} };
let asked: { method: string; url: URL; headers: Record<string, unknown>; body: string }[] = [];

beforeAll(async () => {
  server = await listenLocally((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (piece: string) => (body += piece));
    request.on('end', () => {
      asked.push({
        method: request.method ?? '',
        url: new URL(request.url ?? '', server.url),
        headers: request.headers,
        body,
      });
      response
        .writeHead(answer.status, { 'content-type': 'application/json' })
        .end(JSON.stringify(answer.body));
    });
  });
});
beforeEach(() => (asked = []));
afterAll(() => server.close());

/** Answers in the forms that the engines document, with what they have besides. */
const recorded = {
  searxng: {
    query: 'fado',
    number_of_results: 0,
    results: [
      {
        url: 'https://a.example/1',
        title: 'A',
        content: 'About A',
        engine: 'duckduckgo',
        score: 1,
        category: 'general',
        publishedDate: null,
      },
      { url: 'https://b.example/', title: 'B', content: 'About B', publishedDate: '2026-01-02T00:00:00' },
    ],
    answers: [],
    suggestions: [],
    unresponsive_engines: [],
  },
  brave: {
    type: 'search',
    query: { original: 'fado', more_results_available: true },
    mixed: { type: 'mixed', main: [] },
    web: {
      type: 'search',
      results: [
        {
          title: 'A',
          url: 'https://a.example/1',
          description: 'About <strong>A</strong>',
          page_age: '2026-01-01T10:00:00',
          profile: { name: 'a' },
        },
        { title: 'B', url: 'https://b.example/', description: 'About B', age: 'January 2, 2026' },
      ],
      family_friendly: true,
    },
  },
  tavily: {
    query: 'fado',
    answer: null,
    images: [],
    results: [
      { title: 'A', url: 'https://a.example/1', content: 'About A', score: 0.9, raw_content: null },
      { title: 'B', url: 'https://b.example/', content: 'About B', score: 0.8, published_date: '2026-01-02' },
    ],
    response_time: 1.2,
    request_id: 'x',
  },
  google: {
    kind: 'customsearch#search',
    searchInformation: { totalResults: '2' },
    items: [
      {
        kind: 'customsearch#result',
        title: 'A',
        link: 'https://a.example/1',
        displayLink: 'a.example',
        snippet: 'About A',
      },
      { kind: 'customsearch#result', title: 'B', link: 'https://b.example/', snippet: 'About B' },
    ],
  },
};

const engines: Record<keyof typeof recorded, () => WebSearch> = {
  searxng: () => makeSearxngSearch({ address: `${server.url}/searx` }),
  brave: () => makeBraveSearch({ key: 'k-brave', address: server.url }),
  tavily: () => makeTavilySearch({ key: 'k-tavily', address: server.url }),
  google: () => makeGoogleSearch({ key: 'k-google', engine: 'cx1', address: server.url }),
};
const names = ['searxng', 'brave', 'tavily', 'google'] as const;

async function search(engine: WebSearch | null, input: object = {}): Promise<string> {
  const tool = makeWebSearchTool(engine, 10);
  const given = tool.input.parse({ query: 'fado', ...input });
  return await said(() => tool.execute(given, toolContext()));
}

describe.each(names)('%s', (name) => {
  it('gives results with ids, addresses and what they say', async () => {
    answer = { status: 200, body: recorded[name] };
    const text = await search(engines[name]());
    expect(text).toMatch(
      /^\[w[\da-f]{6}\] A\nhttps:\/\/a\.example\/1\n(?:date: .*\n)?About A\n\n\[w[\da-f]{6}\] B\nhttps:\/\/b\.example\//,
    );
  });

  it('gives no more than was asked for', async () => {
    answer = { status: 200, body: recorded[name] };
    expect(await search(engines[name](), { count: 1 })).not.toContain('b.example');
  });

  it.each<[number, RegExp]>([
    [401, /refused the key \(401\).*Check/],
    [429, /too many questions/],
    [500, /answered 500/],
  ])('says what is wrong with %d, and never its key', async (status, expected) => {
    answer = { status, body: { error: 'x' } };
    const text = await search(engines[name]());
    expect(text).toMatch(expected);
    expect(text).not.toContain('k-');
  });

  it('refuses an answer of another form', async () => {
    answer = { status: 200, body: { results: 'none', web: 7, items: 'none' } };
    expect(await search(engines[name]())).toContain('not in the form');
  });
});

it('asks each engine as it documents', async () => {
  for (const name of names) {
    answer = { status: 200, body: recorded[name] };
    await search(engines[name](), { within: 'week', language: 'pt', count: 5 });
  }
  const [searxng, brave, tavily, google] = asked;
  expect(searxng?.url.href).toContain('/searx/search?q=fado&format=json&language=pt&time_range=week');
  expect(brave).toMatchObject({ headers: { 'x-subscription-token': 'k-brave' } });
  expect(brave?.url.href).toContain(
    '/res/v1/web/search?q=fado&count=5&text_decorations=false&search_lang=pt&freshness=pw',
  );
  expect(tavily).toMatchObject({ method: 'POST', headers: { authorization: 'Bearer k-tavily' } });
  expect(JSON.parse(tavily?.body ?? '')).toMatchObject({ query: 'fado', max_results: 5, time_range: 'week' });
  expect(google?.url.href).toContain(
    '/customsearch/v1?key=k-google&cx=cx1&q=fado&num=5&lr=lang_pt&dateRestrict=w1',
  );
});

it('says what to set where no engine is configured', async () => {
  expect(await search(null)).toMatch(
    /failed: No search engine is configured\. Set one of: BATUTA_WEB_SEARXNG_URL/,
  );
});
