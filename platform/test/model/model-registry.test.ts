import { noUsage } from '@batuta/contract';
import { startEmulator, type Emulator } from '@batuta/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/adapter/clock-system/system-clock.ts';
import { createPriceList } from '../../src/adapter/price-list/genai-price-list.ts';
import { contextTokensOf } from '../../src/application/model/context-tokens.ts';
import { defaultModels } from '../../src/application/model/default-models.ts';
import { makeModels } from '../../src/composition/make-models.ts';
import { resolveConfiguration } from '../../src/domain/configuration/resolve-configuration.ts';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.stop());

/** An address at which nothing answers. */
const nowhere = 'http://127.0.0.1:1';

async function registryWith(variables: Record<string, string>) {
  const environment = { OLLAMA_BASE_URL: nowhere, ...variables };
  const { configuration } = resolveConfiguration({
    overrides: {},
    environment,
    secretFiles: new Map(),
    file: undefined,
  });
  return (await makeModels({ configuration, environment, clock: systemClock })).registry;
}

describe('models that are found', () => {
  it('are the stand-in alone without any key', async () => {
    const registry = await registryWith({});
    expect(registry.defaults().map(({ reference }) => reference)).toEqual(['offline/extractive']);
    expect(registry.describe()).toContainEqual({
      provider: 'openai',
      usable: false,
      reason: 'OPENAI_API_KEY is not set',
    });
    expect(registry.describe()).toContainEqual({
      provider: 'ollama',
      usable: false,
      reason: `no Ollama answers at ${nowhere}`,
    });
  });

  it('come in their order, with the reason, the stand-in last', async () => {
    const registry = await registryWith({
      GOOGLE_GENERATIVE_AI_API_KEY: 'g',
      ANTHROPIC_API_KEY: 'a',
      OLLAMA_BASE_URL: emulator.addresses.ollama,
    });
    const found = registry.defaults();
    expect(found[0]).toEqual({
      reference: `anthropic/${defaultModels.anthropic}`,
      reason: 'ANTHROPIC_API_KEY is set',
    });
    expect(found.map(({ reference }) => reference.split('/')[0])).toEqual([
      'anthropic',
      'google',
      'ollama',
      'offline',
    ]);
    expect(found[2]?.reason).toMatch(/^Ollama answers at http:\/\/127\.0\.0\.1:\d+ \(\d+ models\)$/);
  });

  it('are those of the configuration where it names usable ones', async () => {
    const preferred = 'openai/gpt-5, google/x';
    const registry = await registryWith({
      OPENAI_API_KEY: 'o',
      ANTHROPIC_API_KEY: 'a',
      BATUTA_MODEL_DEFAULT: preferred,
    });
    expect(registry.defaults().map(({ reference }) => reference)).toEqual([
      'openai/gpt-5',
      'offline/extractive',
    ]);
  });

  it('can be looked up, others not', async () => {
    const registry = await registryWith({ ANTHROPIC_API_KEY: 'a' });
    expect(registry.find('anthropic/any-model')).toBe(registry.find('anthropic/any-model'));
    const others = ['openai/gpt-5', 'unknown/x', 'anthropic/', 'anthropic', '/x', 'offline/other'];
    expect(others.filter((reference) => registry.find(reference) !== undefined)).toEqual([]);
  });
});

describe('prices', () => {
  const usage = {
    ...noUsage,
    input_tokens: 1_000_000,
    cached_input_tokens: 200_000,
    cache_write_tokens: 100_000,
    output_tokens: 1_000_000,
  };
  const prices = createPriceList({
    own: { 'house/x': { input: 1, output: 2, cachedInput: 0.5 } },
    now: () => Date.UTC(2026, 10, 21),
  });

  it.each([
    // 700k at 2 USD, 200k at 0.20, 100k at 2.50, a million at 10 USD.
    ['anthropic/claude-sonnet-5', 11_690_000],
    ['house/x', 2_900_000],
    ['offline/extractive', 0],
    ['ollama/qwen3', 0],
    ['unknown/model', null],
    ['openai/no-such-model', null],
  ])('of %s are right', (reference, micros) => {
    expect(prices.cost(reference, usage)).toBe(micros);
  });

  it('depend on the length of the prompt and on the day where the provider says so', () => {
    const short = { ...noUsage, input_tokens: 100_000 };
    const long = { ...noUsage, input_tokens: 300_000 };
    expect(prices.cost('openai/gpt-5.6', short)).toBe(400_000);
    expect(prices.cost('openai/gpt-5.6', long)).toBeGreaterThan(3 * 400_000);
    const before = createPriceList({ now: () => Date.UTC(2026, 7, 1) });
    expect(before.cost('openai/gpt-5.6', short)).toBe(500_000);
  });

  it('are known of every default model, and so are the sizes of their contexts', () => {
    for (const [provider, model] of Object.entries(defaultModels)) {
      expect(prices.cost(`${provider}/${model}`, usage)).not.toBeNull();
    }
    expect(prices.contextTokens(`anthropic/${defaultModels.anthropic}`)).toBe(1_000_000);
  });
});

it.each([
  ['anthropic/configured', 5000],
  ['anthropic/known', 7000],
  ['anthropic/unknown', 200_000],
  ['house/unknown', 128_000],
])('the context of %s has %i tokens', (reference, tokens) => {
  const known = (name: string) =>
    name === 'anthropic/unknown' || name.startsWith('house') ? undefined : 7000;
  expect(contextTokensOf(reference, { configured: { 'anthropic/configured': 5000 }, known })).toBe(tokens);
});
