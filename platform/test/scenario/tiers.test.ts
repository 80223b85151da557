import { withPlatform, type TestPlatform } from '@batuta/testkit/platform';
import { ScriptedModel } from '@batuta/testkit/model';
import { expect, it } from 'vitest';
import { setBudget } from './money-fixtures.ts';

const hard = 'Analyse step by step why this fails.\n```ts\nconst a = 1;\n```';
const tiers = { fast: 'scripted/fast', balanced: 'scripted/middle', deep: 'scripted/deep' };

async function answeredBy(platform: TestPlatform, sessionId: string): Promise<string[]> {
  const log = await platform.events(sessionId);
  return log.flatMap((event) => (event.kind === 'model-call-settled' ? [event.data.model] : []));
}

function models() {
  return Object.values(tiers).map((reference) => new ScriptedModel(() => ({ text: 'Yes.' }), { reference }));
}

it('the question decides which tier answers, and the log says why', async () => {
  await withPlatform({ model: models(), agents: [{ model: 'auto', tiers }] }, async (platform) => {
    const easy = await platform.run('Hi!');
    const deep = await platform.run(hard, { sessionId: easy.session_id });
    expect(await answeredBy(platform, deep.session_id)).toEqual(['scripted/fast', 'scripted/deep']);
    const choices = (await platform.events(deep.session_id)).filter(
      ({ kind }) => kind === 'model-tier-chosen',
    );
    expect(choices.map(({ data }) => data)).toEqual([
      { asked: 'fast', used: 'fast', cause: 'complexity', reason: 'it looks simple' },
      expect.objectContaining({ used: 'deep', reason: expect.stringContaining('code or formulas') }),
    ]);
  });
});

it('an agent can name a tier, and the project can fill it', async () => {
  const settings = { tiers: { deep: 'scripted/deep' } };
  await withPlatform({ model: models(), agents: [{ model: 'deep' }], settings }, async (platform) => {
    const run = await platform.run('Hi!');
    expect(await answeredBy(platform, run.session_id)).toEqual(['scripted/deep']);
  });
});

it('without tiers the models that were found answer', async () => {
  await withPlatform({ model: [{ text: 'Yes.' }], agents: [{ model: 'auto' }] }, async (platform) => {
    expect(await platform.run('Hi!')).toMatchObject({ status: 'succeeded' });
  });
});

it('a budget that is nearly used up moves the agent down', async () => {
  await withPlatform({ model: models(), agents: [{ model: 'deep', tiers }] }, async (platform) => {
    await setBudget(platform, { limitMicros: 50, hard: false });
    const answered: string[] = [];
    const ask = async () => {
      const run = await platform.run('Hi!');
      answered.push(...(await answeredBy(platform, run.session_id)));
      return run;
    };
    // Each call costs 7 micro-dollars: 80 % are reached after the sixth, 95 % after the seventh.
    for (let count = 1; count <= 7; count += 1) await ask();
    const last = await ask();
    expect(answered).toEqual([...Array(6).fill('scripted/deep'), 'scripted/middle', 'scripted/fast']);
    const choices = (await platform.events(last.session_id)).filter(
      ({ kind }) => kind === 'model-tier-chosen',
    );
    expect(choices.at(-1)?.data).toMatchObject({ asked: 'deep', used: 'fast', cause: 'budget' });
  });
});
