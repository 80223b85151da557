import { z } from 'zod';
import type { WebSearch } from '../../port/web-search.ts';
import { askEngine } from './search-request.ts';

const answerSchema = z.object({
  results: z.array(
    z.object({
      url: z.string(),
      title: z.string().default(''),
      content: z.string().nullish(),
      publishedDate: z.string().nullish(),
    }),
  ),
});

/** A SearXNG of one's own; its `formats` setting must allow json. */
export function makeSearxngSearch({ address }: { address: string }): WebSearch {
  return {
    name: 'searxng',
    search: async ({ text, count, language, within }, signal) => {
      const url = new URL('search', address.endsWith('/') ? address : `${address}/`);
      url.search = new URLSearchParams({
        q: text,
        format: 'json',
        ...(language ? { language } : {}),
        ...(within ? { time_range: within } : {}),
      }).toString();
      const key = 'its setting search.formats, which must have json (BATUTA_WEB_SEARXNG_URL)';
      const { results } = await askEngine({ engine: 'SearXNG', url, key }, { schema: answerSchema, signal });
      return results.slice(0, count).map(({ url: found, title, content, publishedDate }) => ({
        url: found,
        title,
        snippet: content ?? '',
        published: publishedDate ?? undefined,
      }));
    },
  };
}
