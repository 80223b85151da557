import { z } from 'zod';
import type { WebSearch } from '../../port/web-search.ts';
import { askEngine } from './search-request.ts';

const answerSchema = z.object({
  web: z
    .object({
      results: z.array(
        z.object({
          url: z.string(),
          title: z.string().default(''),
          description: z.string().nullish(),
          page_age: z.string().nullish(),
          age: z.string().nullish(),
        }),
      ),
    })
    .optional(),
});

const ages = { day: 'pd', week: 'pw', month: 'pm', year: 'py' };

/** Brave Search. */
export function makeBraveSearch({ key, address }: { key: string; address: string }): WebSearch {
  return {
    name: 'brave',
    search: async ({ text, count, language, within }, signal) => {
      const url = new URL('/res/v1/web/search', address);
      url.search = new URLSearchParams({
        q: text,
        count: String(count),
        text_decorations: 'false',
        ...(language ? { search_lang: language } : {}),
        ...(within ? { freshness: ages[within] } : {}),
      }).toString();
      const request = {
        engine: 'Brave',
        url,
        headers: { 'x-subscription-token': key },
        key: 'BATUTA_WEB_BRAVE_KEY',
      };
      const { web } = await askEngine(request, { schema: answerSchema, signal });
      return (web?.results ?? []).slice(0, count).map((result) => ({
        url: result.url,
        title: result.title,
        snippet: result.description ?? '',
        published: result.page_age ?? result.age ?? undefined,
      }));
    },
  };
}
