import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type { LanguageModelV4, LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { ModelRequest } from '../platform/src/port/model.ts';

/** Calls a model as its package does by itself: `doStream` over Node's own `fetch`, read to the end. */
export type BareCall = (provider: string, model: string, request: ModelRequest) => Promise<void>;

/** The provider packages at one address, without anything of ours. */
export function bareModels(baseURL: string): BareCall {
  const openai = createOpenAI({ baseURL, apiKey: 'none' });
  const anthropic = createAnthropic({ baseURL, apiKey: 'none' });
  const house = createOpenAICompatible({ name: 'house', baseURL, includeUsage: true });
  const makers: Readonly<Record<string, (model: string) => LanguageModelV4>> = {
    anthropic,
    openai: (model) => openai.chat(model),
    'openai-responses': (model) => openai.responses(model),
    house: (model) => house(model),
  };
  const made = new Map<string, LanguageModelV4>();
  return async (provider, name, request) => {
    const model = made.get(provider + name) ?? makers[provider]?.(name);
    if (model === undefined) return;
    made.set(provider + name, model);
    const { stream } = await model.doStream(toOptions(request));
    for await (const part of stream) if (part.type === 'error') throw part.error;
  };
}

function toOptions({ instructions, tools }: ModelRequest): LanguageModelV4CallOptions {
  return {
    prompt: [
      { role: 'system', content: instructions },
      { role: 'user', content: [{ type: 'text', text: 'Hello there.' }] },
    ],
    tools: tools.map((tool) => ({ type: 'function', ...tool })),
    providerOptions: { openai: { store: false } },
  };
}
