import { systemClock } from '../adapter/clock-system/system-clock.ts';
import { makeWebReader } from '../adapter/web-fetch/web-reader.ts';
import { makeBraveSearch } from '../adapter/web-search/brave-search.ts';
import { makeGoogleSearch } from '../adapter/web-search/google-search.ts';
import { makeSearxngSearch } from '../adapter/web-search/searxng-search.ts';
import { makeTavilySearch } from '../adapter/web-search/tavily-search.ts';
import { makeWebFetchTool } from '../application/web/web-fetch-tool.ts';
import { makeWebSearchTool } from '../application/web/web-search-tool.ts';
import type { Configuration } from '../domain/configuration/settings.ts';
import type { ToolDefinition } from '../port/tool-definition.ts';
import type { WebSearch } from '../port/web-search.ts';

type WebSettings = Configuration['web'];

/** The tools of the web, and what ends their thread. */
export function makeWeb({ web }: Pick<Configuration, 'web'>): {
  tools: ToolDefinition[];
  close(): Promise<void>;
} {
  const reader = makeWebReader({ ...web, readSeconds: Math.ceil(web.timeoutSeconds / 2) }, () =>
    systemClock.now(),
  );
  const tools = [
    makeWebSearchTool(engineOf(web), web.timeoutSeconds),
    makeWebFetchTool(reader, web.timeoutSeconds),
  ];
  return { tools, close: () => reader.close() };
}

const engines = {
  searxng: ({ searxngUrl }: WebSettings) => searxngUrl && makeSearxngSearch({ address: searxngUrl }),
  brave: ({ braveKey: key, braveUrl: address }: WebSettings) => key && makeBraveSearch({ key, address }),
  tavily: ({ tavilyKey: key, tavilyUrl: address }: WebSettings) => key && makeTavilySearch({ key, address }),
  google: ({ googleKey: key, googleEngine: engine, googleUrl: address }: WebSettings) =>
    key && engine && makeGoogleSearch({ key, engine, address }),
};

/** The configured search engine, or the first that can be asked; null where there is none. */
function engineOf(web: WebSettings): WebSearch | null {
  const wanted = web.search === 'auto' ? Object.values(engines) : [engines[web.search]];
  return wanted.map((make) => make(web)).find((made) => typeof made === 'object') ?? null;
}
