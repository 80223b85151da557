import type { ModelProvider } from '../../port/model.ts';
import {
  createSpecificationProvider,
  withPath,
  type ProviderEnvironment,
} from '../model-specification/specification-provider.ts';
import { probeOllama } from './probe-ollama.ts';

/** How to find Ollama. */
export interface OllamaAccess {
  /** Undefined: the usual address. */
  baseUrl: string | undefined;
  /** Preferred where nobody names a model and Ollama has it. */
  defaultModel: string;
  /** How long to wait for its answer at the start. */
  timeoutMs: number;
}

const usualAddress = 'http://127.0.0.1:11434';

/**
 * Models of a local Ollama, found by asking its address once. The size of the context is sent with each call: without
 * it Ollama uses a small one of its own and silently drops the beginning of what does not fit.
 */
export async function createOllamaProvider(
  { baseUrl, defaultModel, timeoutMs }: OllamaAccess,
  environment: ProviderEnvironment,
): Promise<ModelProvider> {
  const url = (baseUrl ?? usualAddress).replace(/\/+$/, '').replace(/\/api$/, '');
  const found = await probeOllama({ url, fetch: environment.fetch, timeoutMs });
  return createSpecificationProvider(
    {
      name: 'ollama',
      ...describeProbe(url, found),
      defaultModel: found?.find((name) => name.startsWith(defaultModel)) ?? found?.[0] ?? null,
      secrets: [],
      providerOptions: (reference) => ({
        ollama: { options: { num_ctx: environment.contextTokens(reference) } },
      }),
      async load(model) {
        const { createOllama } = await import('ollama-ai-provider-v2');
        return createOllama({ baseURL: withPath(url, '/api'), fetch: environment.fetch })(model);
      },
    },
    environment,
  );
}

function describeProbe(url: string, found: string[] | undefined): { usable: boolean; reason: string } {
  if (found === undefined) return { usable: false, reason: `no Ollama answers at ${url}` };
  if (found.length === 0) {
    return { usable: false, reason: `Ollama answers at ${url} but has no model; get one with: ollama pull` };
  }
  const models = found.length === 1 ? '1 model' : `${found.length} models`;
  return { usable: true, reason: `Ollama answers at ${url} (${models})` };
}
