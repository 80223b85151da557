import type { Identity } from '@batuta/platform/composition';
import { AdvancingClock } from '@batuta/testkit/clock';
import { withPlatform, type TestPlatform } from '@batuta/testkit/platform';
import { describe, expect, inject, it } from 'vitest';
import { MemoryRateLimiter } from '../../src/adapter/rate-limiter-memory/memory-rate-limiter.ts';
import { countingTool } from './tool-fixtures.ts';

const ana = { userId: 'usr_ana', keyId: 'key_ana', address: '192.0.2.7' };
/** Somebody of the same tenant who shares all with Ana but the one thing that is limited. */
const others = {
  user: { ...ana, userId: 'usr_bea' },
  key: { ...ana, keyId: 'key_bea' },
  address: { ...ana, address: '192.0.2.8' },
};
const subjects = ['user', 'key', 'address'] as const;
const periods = ['minute', 'day'] as const;
const cases = subjects.flatMap((subject) => periods.map((per) => [subject, per] as const));

function limited(subject: (typeof subjects)[number], per: (typeof periods)[number], tokens: number) {
  const clock = new AdvancingClock();
  const plans = { small: { [subject]: { [`tokens_per_${per}`]: tokens } } };
  const limits = { plans, defaultPlan: 'small' };
  return { clock, limits, rateLimiter: new MemoryRateLimiter(clock), pollMs: 20 };
}

async function runAs({ application, identity }: TestPlatform, who: Partial<Identity>) {
  const somebody = { ...identity, ...who };
  const { id } = await application.runs.accept(somebody, { agent: 'assistant', input: 'Hello' });
  return application.runs.waitForEnd(identity, id, { seconds: 10, signal: new AbortController().signal });
}

describe('tokens of one', () => {
  it.each(cases)('%s, a %s, hold for them and for nobody else', async (subject, per) => {
    const answer = { text: 'Hello.', usage: { input_tokens: 600, output_tokens: 400 } };
    await withPlatform({ ...limited(subject, per, 1_000), model: () => answer }, async (platform) => {
      expect(await runAs(platform, ana)).toMatchObject({ status: 'succeeded' });
      await expect(runAs(platform, ana)).rejects.toMatchObject({
        code: 'rate-limited',
        data: { subject, resource: 'tokens', per, limit: 1_000 },
      });
      expect(await runAs(platform, others[subject])).toMatchObject({ status: 'succeeded' });
    });
  });

  it.each([
    ['pglite', 'user'],
    ['pglite', 'key'],
    ['pglite', 'address'],
    ['postgres', 'address'],
  ] as const)(
    'on %s: of a %s make their runs that are under way wait, and say whose they are',
    async (database, subject) => {
      const model = [{ calls: [{ tool: 'use' }], usage: { input_tokens: 20_000 } }, { text: 'Done.' }];
      const tools = [countingTool('use', { readOnly: true }).tool];
      const options = { ...limited(subject, 'minute', 10_000), model, tools, database };
      await withPlatform({ ...options, postgresUrl: inject('postgresUrl') }, async (platform) => {
        const { application, identity, signals } = platform;
        const body = { agent: 'assistant', input: 'Hello' };
        const { id, session_id } = await application.runs.accept({ ...identity, ...ana }, body);
        await signals.reached('run-released');
        expect(await application.runs.get(identity, id)).toMatchObject({
          status: 'waiting',
          waiting_for: 'timer',
        });
        const told = { subject, resource: 'tokens', limit: 10_000, on_limit: 'wait' };
        expect((await platform.events(session_id)).at(-2)).toMatchObject({
          kind: 'limit-reached',
          data: told,
        });
      });
    },
  );

  it('address are those of the whole network that IPv6 gives to one', async () => {
    const answer = { text: 'Hello.', usage: { input_tokens: 600, output_tokens: 400 } };
    await withPlatform({ ...limited('address', 'minute', 1_000), model: () => answer }, async (platform) => {
      await runAs(platform, { address: '2001:db8:1:2::1' });
      await expect(runAs(platform, { address: '2001:db8:1:2::2' })).rejects.toMatchObject({
        code: 'rate-limited',
      });
      expect(await runAs(platform, { address: '2001:db8:1:3::1' })).toMatchObject({ status: 'succeeded' });
      expect(await runAs(platform, { address: null })).toMatchObject({ status: 'succeeded' });
    });
  });
});
