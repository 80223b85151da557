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
