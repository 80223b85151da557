import { integer, list } from './setting.ts';

/** All tools. */
export const toolSettings = {
  resultMaxBytes: integer({
    variable: 'BATUTA_TOOL_RESULT_MAX_BYTES',
    about: 'Bytes of a tool result that a model reads; a larger one becomes an artifact with a preview.',
    default: 16_384,
    min: 1024,
    max: 1_000_000,
  }),
  contextTokens: integer({
    variable: 'BATUTA_TOOL_CONTEXT_TOKENS',
    about:
      'Tokens of a request that the tools of tool servers and APIs may take together; those that do not fit are found by the tool find_tools.',
    default: 2_000,
    min: 0,
    max: 1_000_000,
  }),
  questionSeconds: integer({
    variable: 'BATUTA_TOOL_QUESTION_SECONDS',
    about: 'Seconds that a tool waits for the answer of a person whom it asks while its call goes on.',
    default: 600,
    min: 1,
    max: 86_400,
  }),
  timeoutSeconds: integer({
    variable: 'BATUTA_TOOL_TIMEOUT_SECONDS',
    about: 'Seconds after which a tool call is given up, where its tool says nothing else.',
    default: 60,
    min: 1,
    max: 86_400,
  }),
};

/** The tool `http_fetch`. */
export const httpFetchSettings = {
  timeoutSeconds: integer({
    variable: 'BATUTA_HTTP_FETCH_TIMEOUT_SECONDS',
    about: 'Seconds for a whole fetch, redirects included.',
    default: 20,
    min: 1,
    max: 600,
  }),
  maxBytes: integer({
    variable: 'BATUTA_HTTP_FETCH_MAX_BYTES',
    about: 'Largest page, unpacked.',
    default: 2_000_000,
    min: 1024,
    max: 100_000_000,
  }),
  maxRedirects: integer({
    variable: 'BATUTA_HTTP_FETCH_MAX_REDIRECTS',
    about: 'Redirects that are followed.',
    default: 5,
    min: 0,
    max: 20,
  }),
  ports: list({
    variable: 'BATUTA_HTTP_FETCH_PORTS',
    about: 'Ports that may be fetched from.',
    each: 'port numbers',
    pattern: /^\d{1,5}$/,
    default: ['80', '443'],
  }),
  allowPrivate: list({
    variable: 'BATUTA_HTTP_FETCH_ALLOW_PRIVATE',
    about:
      'Hosts that may be fetched although their address is not public; only for hosts that every user may read.',
    each: 'hosts or host:port',
    pattern: /^(?:[\w.-]+|\[[\da-f:]+\])(?::\d{1,5})?$/i,
    default: [],
  }),
};
