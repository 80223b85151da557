import type { Emulator } from '@batuta/testkit';
import { systemClock } from '../../src/adapter/clock-system/system-clock.ts';
import type { ModelSettings } from '../../src/application/model/model-settings.ts';
import { composeModels } from '../../src/composition/compose-models.ts';
import type { LanguageModel, ModelRequest } from '../../src/port/model.ts';
import { question, recordingSink } from './model-doubles.ts';

/** A key that no text may repeat. */
export const secretKey = 'sk-test-0123456789abcdef';

/** Settings under which every provider is the emulator. */
export function settingsFor({ addresses }: Emulator): ModelSettings {
  const access = (baseUrl: string) => ({ apiKey: secretKey, baseUrl });
  return {
    preferred: [],
    anthropic: access(addresses.anthropic),
    openai: access(addresses.openai),
    google: access(addresses.google),
    openrouter: access(addresses.openai),
    ollama: { baseUrl: addresses.ollama, timeoutMs: 5000 },
    endpoints: [{ name: 'house', baseUrl: addresses.openai, apiKey: secretKey }],
    contextTokens: {},
    prices: {},
    useProxy: false,
  };
}

/** Names under which the tests know the providers; `openai-responses` is OpenAI by its own protocol. */
export const providerNames = [
  'anthropic',
  'openai',
  'openai-responses',
  'google',
  'openrouter',
  'ollama',
  'house',
] as const;
export type ProviderName = (typeof providerNames)[number];

/** Finds a model of the emulator behind a provider. */
export type FindModel = (provider: ProviderName, model: string) => LanguageModel;

/** All providers over one emulator. */
export async function emulatedProviders(emulator: Emulator): Promise<FindModel> {
  const settings = settingsFor(emulator);
  const chat = await composeModels(settings, systemClock);
  const responses = await composeModels(
    { ...settings, openai: { ...settings.openai, protocol: 'responses' } },
    systemClock,
  );
  return (provider, model) => {
    const isResponses = provider === 'openai-responses';
    const { registry } = isResponses ? responses : chat;
    const found = registry.find(`${isResponses ? 'openai' : provider}/${model}`);
    if (found === undefined) throw new TypeError(`no model of ${provider}`);
    return found;
  };
}

/** Calls a model and gives its answer with what it streamed. */
export async function call(model: LanguageModel, request: Partial<ModelRequest> = {}) {
  const sink = recordingSink();
  const answer = await model.call({ ...question, ...request }, sink, AbortSignal.timeout(10_000));
  return { ...answer, streamed: sink.seen.join('') };
}

/** The tool that the emulator's models call. */
export const addTool = {
  name: 'add',
  description: 'Adds two numbers.',
  inputSchema: {
    type: 'object',
    properties: { a: { type: 'number' }, b: { type: 'number' } },
    required: ['a', 'b'],
  },
};
