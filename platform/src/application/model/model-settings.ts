/** How a provider is reached. */
export interface AccessSettings {
  /** Undefined: the provider cannot be used. */
  apiKey: string | undefined;
  /** Undefined: its usual address. */
  baseUrl: string | undefined;
}

/** A server that speaks Chat Completions under a name of its own. */
export interface EndpointSettings {
  name: string;
  baseUrl: string;
  apiKey: string | undefined;
}

/** A price that holds whatever the price data say, in US dollars per million tokens. */
export interface PriceSettings {
  input: number;
  output: number;
  cachedInput?: number | undefined;
}

/** What the configuration says about models. */
export interface ModelSettings {
  /** Models of agents that name none, in order; empty: those that were found. */
  preferred: readonly string[];
  anthropic: AccessSettings;
  /** `protocol` undefined: Responses at OpenAI's own address, Chat Completions at any other. */
  openai: AccessSettings & { protocol?: 'responses' | 'chat' | undefined };
  google: AccessSettings;
  openrouter: AccessSettings;
  /** `timeoutMs`: how long its answer is waited for at the start. */
  ollama: { baseUrl: string | undefined; timeoutMs: number };
  endpoints: readonly EndpointSettings[];
  /** By reference. */
  contextTokens: Readonly<Record<string, number>>;
  prices: Readonly<Record<string, PriceSettings>>;
  /** Whether `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` are heeded. */
  useProxy: boolean;
}

/** Settings from the variables that the providers' own tools use. */
export function modelSettingsFrom(environment: Readonly<Record<string, string | undefined>>): ModelSettings {
  const read = (name: string): string | undefined => environment[name]?.trim() || undefined;
  return {
    preferred: [],
    anthropic: { apiKey: read('ANTHROPIC_API_KEY'), baseUrl: read('ANTHROPIC_BASE_URL') },
    openai: { apiKey: read('OPENAI_API_KEY'), baseUrl: read('OPENAI_BASE_URL') },
    google: { apiKey: read('GOOGLE_GENERATIVE_AI_API_KEY'), baseUrl: read('GOOGLE_GENERATIVE_AI_BASE_URL') },
    openrouter: { apiKey: read('OPENROUTER_API_KEY'), baseUrl: read('OPENROUTER_BASE_URL') },
    ollama: { baseUrl: read('OLLAMA_BASE_URL'), timeoutMs: ollamaProbeMs },
    endpoints: [],
    contextTokens: {},
    prices: {},
    useProxy: ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].some(
      (name) => read(name) !== undefined,
    ),
  };
}

/** Ollama answers on the own machine or not at all. */
const ollamaProbeMs = 300;
