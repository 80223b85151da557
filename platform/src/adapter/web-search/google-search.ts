import { z } from 'zod';
import type { WebSearch } from '../../port/web-search.ts';
import { askEngine } from './search-request.ts';

const answerSchema = z.object({
  items: z
    .array(z.object({ link: z.string(), title: z.string().default(''), snippet: z.string().nullish() }))
    .optional(),
});

const ages = { day: 'd1', week: 'w1', month: 'm1', year: 'y1' };
/** More than this the engine does not give at once. */
const most = 10;

/** Google's programmable search. */
export function makeGoogleSearch({
  key,
  engine,
  address,
}: {
  key: string;
  engine: string;
  address: string;
}): WebSearch {
  return {
    name: 'google',
    search: async ({ text, count, language, within }, signal) => {
      const url = new URL('/customsearch/v1', address);
      url.search = new URLSearchParams({
        key,
        cx: engine,
        q: text,
        num: String(Math.min(count, most)),
        ...(language ? { lr: `lang_${language}` } : {}),
        ...(within ? { dateRestrict: ages[within] } : {}),
      }).toString();
      const request = { engine: 'Google', url, key: 'BATUTA_WEB_GOOGLE_KEY and BATUTA_WEB_GOOGLE_ENGINE' };
      const { items = [] } = await askEngine(request, { schema: answerSchema, signal });
      return items
        .slice(0, count)
        .map(({ link, title, snippet }) => ({ url: link, title, snippet: snippet ?? '' }));
    },
  };
}
