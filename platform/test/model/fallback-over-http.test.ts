import { cutAfter, failure, startEmulator, text, words, type Emulator } from '@batuta/testkit';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { unlimitedMoney } from '../../src/application/model/call-money.ts';
import { createModelCaller, type ModelCaller } from '../../src/application/model/call-model.ts';
import { defaultModelCallLimits } from '../../src/application/model/model-call-limits.ts';
import { composeModels } from '../../src/composition/compose-models.ts';
import { settingsFor } from './emulated-providers.ts';
import { question, recordingLog, recordingSink, SkippingClock } from './model-doubles.ts';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterEach(() => emulator.reset());
afterAll(() => emulator.stop());

/** A caller of real providers over HTTP; waits between tries pass at once and are written down. */
async function setUp(attempts: number): Promise<{ callModel: ModelCaller; clock: SkippingClock }> {
  const clock = new SkippingClock(20_000);
  const models = await composeModels(settingsFor(emulator), clock);
  const limits = { ...defaultModelCallLimits, attempts };
  return { callModel: createModelCaller({ ...models, clock, log: recordingLog(), limits }), clock };
}

it('takes a half answer back and goes on with the next provider when the connection breaks', async () => {
  const { callModel } = await setUp(1);
  emulator.script(cutAfter(3000, words(200)), { model: 'first' });
  emulator.script(text('The whole answer.'), { model: 'second' });
  const sink = recordingSink();
  const models = ['anthropic/first', 'openai/second'];
  const outcome = await callModel({
    tenantId: 'acme',
    models,
    request: question,
    sink,
    money: unlimitedMoney,
    signal: new AbortController().signal,
  });
  expect(outcome).toMatchObject({
    model: 'openai/second',
    failures: [{ model: 'anthropic/first', code: 'network' }],
  });
  const [before, after] = sink.seen.join('').split('RESET');
  expect(before).toContain('a durable agent');
  expect(after).toBe('The whole answer.');
});

it('waits as long as retry-after says, then asks the same model again', async () => {
  const { callModel, clock } = await setUp(3);
  emulator.script([failure(429, { retryAfterSeconds: 3 }), text('Now.')], { model: 'busy' });
  const input = {
    tenantId: 'acme',
    request: question,
    sink: recordingSink(),
    money: unlimitedMoney,
    signal: new AbortController().signal,
  };
  expect(await callModel({ models: ['anthropic/busy'], ...input })).toMatchObject({ failures: [] });
  expect(clock.slept).toEqual([3000]);
  expect(emulator.requests).toHaveLength(2);
});

it('ends with the stand-in, which always answers', async () => {
  const { callModel } = await setUp(1);
  const models = ['anthropic/error-401', 'openai/error-529', 'offline/extractive'];
  const input = {
    tenantId: 'acme',
    request: question,
    sink: recordingSink(),
    money: unlimitedMoney,
    signal: new AbortController().signal,
  };
  const outcome = await callModel({ models, ...input });
  expect(outcome).toMatchObject({ model: 'offline/extractive', costMicros: 0 });
  expect(outcome.failures.map(({ code, next_model: next }) => [code, next])).toEqual([
    ['access', 'openai/error-529'],
    ['overloaded', 'offline/extractive'],
  ]);
});
