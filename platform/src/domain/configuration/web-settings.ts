import { address, choice, integer, list, secret, text, textOr } from './setting.ts';

const key = (variable: string, engine: string) =>
  secret({ variable, about: `Key of ${engine}.`, range: 'a key' });
const base = (variable: string, engine: string, standard: string) =>
  textOr({
    variable,
    about: `Where ${engine} is asked.`,
    range: 'an address that begins with http:// or https://',
    pattern: /^https?:\/\/[^\s/]+\S*$/,
    default: standard,
  });

/** The tools `web_search` and `web_fetch`. */
export const webSettings = {
  search: choice({
    variable: 'BATUTA_WEB_SEARCH',
    about: 'The search engine of web_search; auto takes the first one that has an address or a key.',
    words: ['auto', 'searxng', 'brave', 'tavily', 'google'],
    default: 'auto',
  }),
  searxngUrl: address({
    variable: 'BATUTA_WEB_SEARXNG_URL',
    about: 'Address of a SearXNG whose search.formats has json.',
  }),
  braveKey: key('BATUTA_WEB_BRAVE_KEY', 'Brave Search'),
  braveUrl: base('BATUTA_WEB_BRAVE_URL', 'Brave Search', 'https://api.search.brave.com'),
  tavilyKey: key('BATUTA_WEB_TAVILY_KEY', 'Tavily'),
  tavilyUrl: base('BATUTA_WEB_TAVILY_URL', 'Tavily', 'https://api.tavily.com'),
  googleKey: key('BATUTA_WEB_GOOGLE_KEY', "Google's programmable search"),
  googleEngine: text({
    variable: 'BATUTA_WEB_GOOGLE_ENGINE',
    about: 'Id of a programmable search of Google (cx).',
    range: 'an id',
  }),
  googleUrl: base('BATUTA_WEB_GOOGLE_URL', "Google's programmable search", 'https://www.googleapis.com'),
  robots: choice({
    variable: 'BATUTA_WEB_ROBOTS',
    about: 'Whether web_fetch leaves alone what robots.txt of a site asks programs to leave alone.',
    words: ['obey', 'ignore'],
    default: 'obey',
  }),
  timeoutSeconds: integer({
    variable: 'BATUTA_WEB_TIMEOUT_SECONDS',
    about: 'Seconds for one search, or for fetching and reading one document.',
    default: 45,
    min: 1,
    max: 600,
  }),
  maxBytes: integer({
    variable: 'BATUTA_WEB_MAX_BYTES',
    about: 'Largest document that web_fetch reads.',
    default: 15_000_000,
    min: 10_000,
    max: 100_000_000,
  }),
  readerMb: integer({
    variable: 'BATUTA_WEB_READER_MB',
    about: 'Megabytes of memory of the thread that reads documents.',
    default: 512,
    min: 128,
    max: 8192,
  }),
  cacheMb: integer({
    variable: 'BATUTA_WEB_CACHE_MB',
    about: 'Megabytes of read documents that are kept for the next time; 0 keeps none.',
    default: 32,
    min: 0,
    max: 4096,
  }),
  ports: list({
    variable: 'BATUTA_WEB_PORTS',
    about: 'Ports that web_fetch connects to.',
    each: 'port numbers',
    pattern: /^\d{1,5}$/,
    default: ['80', '443'],
  }),
  allowPrivate: list({
    variable: 'BATUTA_WEB_ALLOW_PRIVATE',
    about:
      'Hosts that web_fetch may reach although their address is not public; only for hosts that every user may read.',
    each: 'hosts or host:port',
    pattern: /^(?:[\w.-]+|\[[\da-f:]+\])(?::\d{1,5})?$/i,
    default: [],
  }),
};
