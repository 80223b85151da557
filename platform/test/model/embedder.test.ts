import { startEmulator, type Emulator } from '@batuta/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/adapter/clock-system/system-clock.ts';
import { composeModels } from '../../src/composition/compose-models.ts';
import type { Embedder } from '../../src/port/embedder.ts';
import { secretKey, settingsFor } from './emulated-providers.ts';

let emulator: Emulator;
let find: (reference: string) => Embedder | undefined;
beforeAll(async () => {
  emulator = await startEmulator();
  find = (await composeModels(settingsFor(emulator), systemClock)).embedder;
});
afterAll(() => emulator.stop());

const never = new AbortController().signal;

describe.each(['openai/text-embedding-3-small', 'house/bge-m3'])('%s', (reference) => {
  it('places texts over HTTP, and tells what it used', async () => {
    const made = await find(reference)?.embed(['How do I pay?', 'Hi'], never);
    expect(made?.vectors.map((vector) => vector.length)).toEqual([96, 96]);
    expect(made?.usage).toMatchObject({ input_tokens: 5, output_tokens: 0 });
  });

  it('rejects with the reason when it is given up', async () => {
    const reason = new RangeError('enough');
    await expect(find(reference)?.embed(['Hi'], AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});

it('a provider without embedding models, an unknown one and one without a key have none', async () => {
  expect([find('anthropic/claude'), find('nobody/x'), find('openai')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  const { openai, ...settings } = settingsFor(emulator);
  const keyless = { ...settings, openai: { ...openai, apiKey: undefined } };
  const { embedder } = await composeModels(keyless, systemClock);
  expect(embedder('openai/text-embedding-3-small')).toBeUndefined();
});

it('a failure is told like that of a model, without the key', async () => {
  const settings = settingsFor(emulator);
  const away = { ...settings, openai: { ...settings.openai, baseUrl: 'http://127.0.0.1:9/v1' } };
  const { embedder } = await composeModels(away, systemClock);
  const failed = embedder('openai/m')?.embed(['Hi'], never);
  await expect(failed).rejects.toMatchObject({ code: 'model-call-failed', data: { kind: 'network' } });
  expect(JSON.stringify(await failed?.catch((error: unknown) => error))).not.toContain(secretKey);
});
