import type { ProbeDetail } from '@batuta/platform/ports';
import { AdvancingClock } from '@batuta/testkit/clock';
import { withPlatform, type TestPlatform } from '@batuta/testkit/platform';
import { describe, expect, it } from 'vitest';
import { MemoryRateLimiter } from '../../src/adapter/rate-limiter-memory/memory-rate-limiter.ts';
import { letTimePass } from './passing-time.ts';
import { accept, ended } from './processes.ts';
import { countingTool } from './tool-fixtures.ts';

const answer = { text: 'Hello.', usage: { input_tokens: 600, output_tokens: 400 } };

/** A platform whose tenants may use so many tokens a minute, on a clock that can be put forward. */
function limited(tokens: number, more: { tokenWaitMs?: number; onTokenLimit?: 'wait' | 'fail' } = {}) {
  const clock = new AdvancingClock();
  const plans = { small: { tenant: { tokens_per_minute: tokens } } };
  const limits = { plans, defaultPlan: 'small', ...more };
  return { clock, limits, rateLimiter: new MemoryRateLimiter(clock), pollMs: 20, model: () => answer };
}

/** The first call of a run uses twice what its tenant may use in a minute. */
function outOfTokens() {
  const model = [{ calls: [{ tool: 'use' }], usage: { input_tokens: 20_000 } }, { text: 'Done.' }];
  return { ...limited(10_000), model, tools: [countingTool('use', { readOnly: true }).tool] };
}

const settled = ({ events }: ProbeDetail) => events?.includes('tool-call-settled') ?? false;

async function statusOf(platform: TestPlatform, id: string) {
  return platform.application.runs.get(platform.identity, id);
}

describe('limits of tokens', () => {
  it('refuse new runs when none are left, and tell when there will be some', async () => {
    await withPlatform(limited(1_000), async (platform) => {
      expect(await platform.run('Hello')).toMatchObject({ status: 'succeeded' });
      await expect(platform.run('Again')).rejects.toMatchObject({
        code: 'rate-limited',
        data: { subject: 'tenant', resource: 'tokens', per: 'minute', limit: 1_000 },
      });
      const stranger = { agent: 'assistant', input: 'Hello' };
      await expect(platform.application.runs.accept(platform.stranger, stranger)).resolves.toMatchObject({
        status: 'running',
      });
    });
  });

  it('make a run wait as a row, and tell why', async () => {
    await withPlatform(outOfTokens(), async (platform) => {
      const { id, session_id } = await accept(platform);
      await platform.signals.reached('run-released');
      const waiting = { status: 'waiting', waiting_for: 'timer', turns: 1 };
      expect(await statusOf(platform, id)).toMatchObject(waiting);
      expect(platform.worker?.size).toBe(0);
      const told = { subject: 'tenant', resource: 'tokens', limit: 10_000, on_limit: 'wait' };
      expect((await platform.events(session_id)).at(-2)).toMatchObject({ kind: 'limit-reached', data: told });
    });
  });

  it('let a run that waits go on by itself', async () => {
    const options = outOfTokens();
    await withPlatform(options, async (platform) => {
      const { id } = await accept(platform);
      await platform.signals.reached('run-released');
      // What was used is counted before time goes on.
      await platform.application.limits.report(platform.identity);
      options.clock.advance(400_000);
      await letTimePass(platform, 400 / 60);
      expect(await ended(platform, id)).toMatchObject({ status: 'succeeded', turns: 2 });
    });
  });

  it('let a call wait where it is when that is not for long, with what is known written before', async () => {
    const options = limited(60_000, { tokenWaitMs: 5_000 });
    const model = [{ calls: [{ tool: 'use' }], usage: { input_tokens: 62_000 } }, { text: 'Done.' }];
    const use = countingTool('use', { readOnly: true });
    await withPlatform({ ...options, model, tools: [use.tool] }, async (platform) => {
      const ending = platform.run('Go');
      await platform.signals.reached('commit-after', settled);
      expect(platform.model.requests).toHaveLength(1);
      options.clock.advance(4_000);
      expect(await ending).toMatchObject({ status: 'succeeded', turns: 2 });
    });
  });

  it('let go of a waiting call when its run is cancelled', async () => {
    const options = limited(60_000, { tokenWaitMs: 60_000 });
    const model = [{ calls: [{ tool: 'use' }], usage: { input_tokens: 90_000 } }, { text: 'Done.' }];
    const use = countingTool('use', { readOnly: true });
    await withPlatform({ ...options, model, tools: [use.tool] }, async (platform) => {
      const { id } = await accept(platform);
      await platform.signals.reached('commit-after', settled);
      await platform.application.runs.cancel(platform.identity, id);
      await platform.signals.reached('run-ended');
      expect(await statusOf(platform, id)).toMatchObject({ status: 'cancelled', turns: 1 });
    });
  });

  it('fail a run at once where that is configured', async () => {
    const options = limited(1_000, { onTokenLimit: 'fail' });
    const model = [{ calls: [{ tool: 'use' }], usage: { input_tokens: 5_000 } }];
    const use = countingTool('use', { readOnly: true });
    await withPlatform({ ...options, model, tools: [use.tool] }, async (platform) => {
      expect(await platform.run('Go')).toMatchObject({
        status: 'failed',
        error: { code: 'token-limit-reached', data: { subject: 'tenant', limit: 1_000, per: 'minute' } },
      });
    });
  });

  it('count what calls used, not what was held for them', async () => {
    await withPlatform(limited(100_000), async (platform) => {
      for (let run = 0; run < 5; run += 1) await platform.run('Hello');
      const { limits } = await platform.application.limits.report(platform.identity);
      expect(limits).toMatchObject([{ subject: 'tenant', resource: 'tokens', limit: 100_000 }]);
      expect(limits[0]?.left).toBeGreaterThanOrEqual(95_000);
      expect(limits[0]?.left).toBeLessThan(97_000);
    });
  });
});

describe('limits of tools', () => {
  const plans = { small: { tools: { use: { calls_per_minute: 2 } } } };
  const three = { calls: [1, 2, 3].map((n) => ({ tool: 'use', arguments: { n } })) };

  it.each([{ readOnly: true }, { readOnly: false }])(
    'refuse further calls before they are claimed, and tell the model when to try again: %j',
    async (kind) => {
      const use = countingTool('use', kind);
      const limits = { plans, defaultPlan: 'small' };
      const rateLimiter = new MemoryRateLimiter(new AdvancingClock());
      const model = [three, { text: 'Done.' }];
      await withPlatform({ limits, rateLimiter, model, tools: [use.tool] }, async (platform) => {
        const { session_id } = await platform.run('Go');
        expect(use.executions).toHaveLength(2);
        const events = await platform.events(session_id);
        const told = JSON.stringify(events.filter((event) => event.kind === 'tool-call-settled'));
        expect(told.match(/"succeeded"/g)).toHaveLength(2);
        expect(told).toMatch(
          /use was not called: it may be called 2 times a minute\. It can be called again in \d+ s\./,
        );
        const claims = events.filter((event) => event.kind === 'tool-call-claimed');
        expect(claims).toHaveLength(kind.readOnly ? 0 : 2);
      });
    },
  );
});
