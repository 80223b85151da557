import { z } from 'zod';
import type { WebSearch } from '../../port/web-search.ts';
import { askEngine } from './search-request.ts';

const answerSchema = z.object({
  results: z.array(
    z.object({
      url: z.string(),
      title: z.string().default(''),
      content: z.string().nullish(),
      published_date: z.string().nullish(),
    }),
  ),
});

/** Tavily. */
export function makeTavilySearch({ key, address }: { key: string; address: string }): WebSearch {
  return {
    name: 'tavily',
    search: async ({ text, count, within }, signal) => {
      const request = {
        engine: 'Tavily',
        url: new URL('/search', address),
        headers: { authorization: `Bearer ${key}` },
        body: {
          query: text,
          max_results: count,
          search_depth: 'basic',
          ...(within ? { time_range: within } : {}),
        },
        key: 'BATUTA_WEB_TAVILY_KEY',
      };
      const { results } = await askEngine(request, { schema: answerSchema, signal });
      return results.slice(0, count).map(({ url, title, content, published_date: published }) => ({
        url,
        title,
        snippet: content ?? '',
        published: published ?? undefined,
      }));
    },
  };
}
