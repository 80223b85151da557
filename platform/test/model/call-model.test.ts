import { describe, expect, it } from 'vitest';
import { unlimitedMoney } from '../../src/application/model/call-money.ts';
import { createModelCaller, failuresOf, isContextTooLong } from '../../src/application/model/call-model.ts';
import { defaultModelCallLimits } from '../../src/application/model/model-call-limits.ts';
import type { LanguageModel } from '../../src/port/model.ts';
import { FakeClock } from '../http/fake-clock.ts';
import {
  answer,
  fails,
  hangs,
  question,
  recordingLog,
  recordingSink,
  registryOf,
  says,
  scriptedModel,
  SkippingClock,
} from './model-doubles.ts';

const never = new AbortController().signal;

/** A caller of these models, and what it does to the world. Waits between tries pass at once. */
function setUp(models: LanguageModel[], limits = {}) {
  const clock = new SkippingClock(20_000);
  const sink = recordingSink();
  const log = recordingLog();
  const callModel = createModelCaller({
    registry: registryOf(...models),
    prices: { cost: (reference, usage) => (reference === 'free/x' ? null : usage.input_tokens) },
    clock,
    log,
    limits: { ...defaultModelCallLimits, ...limits },
    random: () => 0.5,
  });
  const references = models.map(({ reference }) => reference);
  const ask = (signal = never) =>
    callModel({
      tenantId: 'acme',
      models: references,
      request: question,
      sink,
      money: unlimitedMoney,
      signal,
    });
  return { ask, callModel, clock, sink, log };
}

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('an answer', () => {
  it('bears its model, its cost and no failures', async () => {
    const { ask, sink } = setUp([scriptedModel('a/x', [says('Hi.')])]);
    expect(await ask()).toMatchObject({ model: 'a/x', costMicros: 10, failures: [], firstTokenMs: 0 });
    expect(sink.seen).toEqual(['Hi.']);
  });

  it('has no cost when the model has no price', async () => {
    expect((await setUp([scriptedModel('free/x', [says('Hi.')])]).ask()).costMicros).toBeNull();
  });
});

describe('trying again', () => {
  it('waits longer each time, between half and all of the bound', async () => {
    const { ask, clock } = setUp([scriptedModel('a/x', [fails(), fails(), says('Hi.')])]);
    expect((await ask()).failures).toEqual([]);
    expect(clock.slept).toEqual([375, 750]);
  });

  it('waits exactly as long as the provider asks', async () => {
    const limited = fails({ kind: 'rate-limited', retry_after_ms: 7000 });
    const { ask, clock, log } = setUp([scriptedModel('a/x', [limited, says('Hi.')])]);
    await ask();
    expect(clock.slept).toEqual([7000]);
    expect(log.warnings).toMatchObject([{ model: 'm', kind: 'rate-limited', attempt: 1, retry_in_ms: 7000 }]);
  });

  it('goes to the next model when the provider asks for more than the cap', async () => {
    const limited = fails({ kind: 'rate-limited', retry_after_ms: 60_000 });
    const { ask, clock } = setUp([scriptedModel('a/x', [limited]), scriptedModel('b/y', [says('Hi.')])]);
    expect(await ask()).toMatchObject({ model: 'b/y', failures: [{ model: 'a/x', attempts: 1 }] });
    expect(clock.slept).toEqual([]);
  });

  it.each(['request', 'access', 'content-filter'] as const)(
    'does not repeat a failure of kind %s',
    async (kind) => {
      const first = scriptedModel('a/x', [fails({ kind, retryable: false })]);
      const { ask } = setUp([first, scriptedModel('b/y', [says('Hi.')])]);
      expect((await ask()).failures).toEqual([
        { model: 'a/x', code: kind, message: 'broken', attempts: 1, next_model: 'b/y' },
      ]);
      expect(first.calls).toBe(1);
    },
  );

  it('ends when the time for all tries is over', async () => {
    const other = scriptedModel('b/y', [says('Hi.')]);
    const { ask } = setUp([scriptedModel('a/x', [fails({ retry_after_ms: 15_000 })]), other], {
      totalMs: 100_000,
      breakerFailures: 99,
      attempts: 99,
    });
    expect(failuresOf(await errorOf(ask()))).toMatchObject([{ attempts: 7, next_model: null }]);
    expect(other.calls).toBe(0);
  });
});

describe('falling back', () => {
  it('takes back what a failed model had begun, and never doubles text', async () => {
    const models = [scriptedModel('a/x', [fails({}, 'Half an ans')]), scriptedModel('b/y', [says('Whole.')])];
    const { ask, sink } = setUp(models, { attempts: 2 });
    expect((await ask()).failures).toMatchObject([
      { model: 'a/x', code: 'server', attempts: 2, next_model: 'b/y' },
    ]);
    expect(sink.seen).toEqual(['Half an ans', 'RESET', 'Half an ans', 'RESET', 'Whole.']);
  });

  it('passes over references that name nothing', async () => {
    const { callModel, sink } = setUp([scriptedModel('b/y', [says('Hi.')])]);
    const outcome = await callModel({
      tenantId: 'acme',
      models: ['no/such', 'b/y'],
      request: question,
      sink,
      money: unlimitedMoney,
      signal: never,
    });
    expect(outcome.failures).toMatchObject([{ model: 'no/such', code: 'unusable', next_model: 'b/y' }]);
  });

  it('says why no model answered', async () => {
    const models = [scriptedModel('a/x', [fails({ reason: 'overheated' })]), scriptedModel('b/y', [fails()])];
    const error = await errorOf(setUp(models, { attempts: 1 }).ask());
    expect(error).toMatchObject({
      code: 'model-unavailable',
      data: { causes: 'a/x: overheated; b/y: broken' },
    });
    expect(failuresOf(error)).toMatchObject([{ next_model: 'b/y' }, { next_model: null }]);
  });

  it('tries only larger models after the history proved too long', async () => {
    const tooLong = fails({ kind: 'context', retryable: false });
    const smaller = scriptedModel('b/y', [says('Hi.')], 50_000);
    const { ask } = setUp([scriptedModel('a/x', [tooLong]), smaller]);
    const error = await errorOf(ask());
    expect(isContextTooLong(error)).toBe(true);
    expect(smaller.calls).toBe(0);
    const larger = scriptedModel('c/z', [says('Hi.')], 900_000);
    expect(await setUp([scriptedModel('a/x', [tooLong]), smaller, larger]).ask()).toMatchObject({
      model: 'c/z',
    });
  });
});

describe('the circuit breaker', () => {
  it('leaves a failing provider alone, then probes it with one call', async () => {
    const broken = scriptedModel('a/x', [fails(), fails(), fails(), says('I am back.')]);
    const { ask, clock } = setUp([broken, scriptedModel('b/y', [says('Hi.')])], {
      attempts: 1,
      breakerFailures: 2,
    });
    await ask();
    await ask();
    expect((await ask()).failures).toMatchObject([
      { code: 'circuit-open', message: expect.stringContaining('left alone') },
    ]);
    expect(broken.calls).toBe(2);
    clock.time += defaultModelCallLimits.breakerOpenMs;
    expect((await ask()).failures).toMatchObject([{ code: 'server' }]);
    expect((await ask()).failures).toMatchObject([{ code: 'circuit-open' }]);
    clock.time += defaultModelCallLimits.breakerOpenMs;
    expect(await ask()).toMatchObject({ model: 'a/x', failures: [] });
  });

  it('is waited for when there is no other model', async () => {
    const broken = scriptedModel('a/x', [fails(), fails(), says('I am back.')]);
    const { ask, clock } = setUp([broken], { attempts: 1, breakerFailures: 2, breakerOpenMs: 10_000 });
    await errorOf(ask());
    await errorOf(ask());
    expect(await ask()).toMatchObject({ model: 'a/x', failures: [] });
    expect(clock.slept).toEqual([10_000]);
  });

  it('does not take tries from a call that it interrupts', async () => {
    const broken = scriptedModel('a/x', [fails(), fails(), says('I am back.')]);
    const { ask, clock } = setUp([broken], { breakerFailures: 2, breakerOpenMs: 10_000 });
    expect(await ask()).toMatchObject({ model: 'a/x', failures: [] });
    expect(clock.slept).toEqual([375, 750, 9_250]);
    expect(broken.calls).toBe(3);
  });

  it('is not waited for longer than all tries may take', async () => {
    const broken = scriptedModel('a/x', [fails()]);
    const limits = { attempts: 1, breakerFailures: 1, breakerOpenMs: 15_000, totalMs: 12_000 };
    const { ask, clock } = setUp([broken], limits);
    await errorOf(ask());
    expect(failuresOf(await errorOf(ask()))).toMatchObject([{ code: 'circuit-open', next_model: null }]);
    expect([clock.slept.at(-1), broken.calls]).toEqual([12_000, 1]);
  });

  it('lets all go on at once when the probe of one was answered', async () => {
    const { promise, resolve } = Promise.withResolvers<ReturnType<typeof answer>>();
    const probe = () => promise;
    const { ask, clock } = setUp([scriptedModel('a/x', [fails(), probe, says('Hi.')])], {
      attempts: 1,
      breakerFailures: 1,
    });
    await errorOf(ask());
    clock.time += defaultModelCallLimits.breakerOpenMs;
    const [first, second] = [ask(), ask()];
    resolve(answer('I am back.'));
    expect((await Promise.all([first, second])).map(({ model }) => model)).toEqual(['a/x', 'a/x']);
  });

  it('is not touched by requests that the provider refuses', async () => {
    const picky = scriptedModel('a/x', [fails({ kind: 'request', retryable: false })]);
    const { ask } = setUp([picky, scriptedModel('b/y', [says('Hi.')])], { breakerFailures: 1 });
    await ask();
    expect((await ask()).failures).toMatchObject([{ code: 'request' }]);
  });
});

describe('time limits and aborts', () => {
  function setUpTimes(model: LanguageModel) {
    const clock = new FakeClock();
    const sink = recordingSink();
    const limits = {
      ...defaultModelCallLimits,
      attempts: 1,
      firstTokenMs: 1000,
      betweenTokensMs: 200,
      callMs: 5000,
    };
    const prices = { cost: () => 0 };
    const callModel = createModelCaller({
      registry: registryOf(model),
      prices,
      clock,
      log: recordingLog(),
      limits,
    });
    const ask = (signal = never) =>
      callModel({
        tenantId: 'acme',
        models: [model.reference],
        request: question,
        sink,
        money: unlimitedMoney,
        signal,
      });
    return { ask, clock, sink };
  }

  it.each([
    ['a first token', hangs(), 1000, 'no answer within 1000 ms'],
    ['the next token', hangs('Well'), 200, 'no further text for 200 ms'],
  ] as const)('gives up when %s does not come', async (...[, behaviour, ms, reason]) => {
    const { ask, clock, sink } = setUpTimes(scriptedModel('a/x', [behaviour]));
    const asking = errorOf(ask());
    for (let passed = 0; passed < ms + 1000; passed += 200) await clock.advance(200);
    expect(failuresOf(await asking)).toMatchObject([{ code: 'timeout', message: reason }]);
    expect(sink.seen.join(' ')).toBe(reason.startsWith('no further') ? 'Well RESET' : '');
  });

  it('gives up an answer that never ends', async () => {
    const { promise: over, resolve } = Promise.withResolvers<void>();
    const drips = scriptedModel('a/x', [
      async (sink, signal) => {
        for (; !signal.aborted; await clock.sleep(100)) sink.text('.');
        resolve();
        signal.throwIfAborted();
        return { parts: [], finishReason: 'stop', usage: (await says('')(sink, signal)).usage };
      },
    ]);
    const { ask, clock } = setUpTimes(drips);
    const asking = errorOf(ask());
    for (let passed = 0; passed < 6000; passed += 100) await clock.advance(100);
    await over;
    expect(failuresOf(await asking)).toMatchObject([{ message: 'no complete answer within 5000 ms' }]);
  });

  it('rejects with the reason of an abort, at once, also while it waits for another try', async () => {
    const reason = new DOMException('cancelled', 'AbortError');
    const { ask, clock, sink } = setUpTimes(scriptedModel('a/x', [hangs('Well')]));
    const controller = new AbortController();
    const asking = errorOf(ask(controller.signal));
    await clock.advance(10);
    controller.abort(reason);
    expect(await asking).toBe(reason);
    expect(sink.seen).toEqual(['Well', 'RESET']);
    expect(clock.sleeperCount).toBe(0);
  });
});
