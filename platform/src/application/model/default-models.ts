/** The model that is used of each provider where nobody names one. Change names here, nowhere else. */
export const defaultModels = {
  anthropic: 'claude-sonnet-5-5',
  openai: 'gpt-5.6',
  google: 'gemini-3.8-flash',
  openrouter: 'anthropic/claude-sonnet-5',
  /** Preferred where Ollama has it; otherwise the first model that it has. */
  ollama: 'qwen3',
} as const;

/** Providers in the order in which their default models are tried; `offline` is always last. */
export const providerOrder: readonly string[] = [
  'anthropic',
  'openai',
  'google',
  'openrouter',
  'ollama',
  'offline',
];
