import { agentDefinitionSchema, modelTiers } from '@batuta/contract';
import { assert, constantFrom, double, property, record, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  judgeThrift,
  tierFixed,
  tierForQuestion,
  tierForThrift,
} from '../../src/domain/economy/choose-tier.ts';
import { judgeComplexity } from '../../src/domain/economy/judge-complexity.ts';
import { lowerTier, modelsOfTier, wantedModel } from '../../src/domain/economy/model-tiers.ts';

const limits = { lowerAt: 0.8, lowestAt: 0.95 };

function agent(model?: string | string[]) {
  return agentDefinitionSchema.parse({
    name: 'a',
    description: 'A.',
    instructions: 'Help.',
    ...(model === undefined ? {} : { model }),
  });
}

describe('how hard a question looks', () => {
  it.each([
    ['Hi!', 'fast'],
    ['What time is it in Lima?', 'fast'],
    ['¿Qué hora es en Lima?', 'fast'],
    ['Obrigado', 'fast'],
    ['Compare these two offers.', 'balanced'],
    ['Compara estas dos ofertas.', 'balanced'],
    ['Summarise this letter for me, please. '.repeat(8), 'balanced'],
    ['Why does this fail?\n```ts\nconst a = 1;\n```\n1. find it\n2. mend it\n3. test it', 'deep'],
    ['Analise passo a passo o contrato. '.repeat(60), 'deep'],
    ['Analiza a fondo este plan y compáralo con el otro. '.repeat(40), 'deep'],
  ])('%s', (text, tier) => {
    expect(judgeComplexity({ text, files: 0 })).toMatchObject({ tier });
  });

  it('files make it harder', () => {
    expect(judgeComplexity({ text: 'Read it.', files: 1 })).toEqual({ tier: 'balanced', signs: ['files'] });
  });

  it('is told quickly, whatever the text', () => {
    for (const text of [
      ' \n'.repeat(500_000),
      '-'.repeat(1_000_000),
      '1.'.repeat(300_000),
      'a?'.repeat(9_999),
    ]) {
      const began = process.cpuUsage();
      judgeComplexity({ text, files: 0 });
      expect(process.cpuUsage(began).user).toBeLessThan(250_000);
    }
  });
});

describe('tiers', () => {
  it('an agent names models, a tier, or leaves it to the question', () => {
    expect(wantedModel(agent())).toBeUndefined();
    expect(wantedModel(agent('openai/gpt'))).toEqual({ kind: 'models', models: ['openai/gpt'] });
    expect(wantedModel(agent(['a/b', 'c/d']))).toEqual({ kind: 'models', models: ['a/b', 'c/d'] });
    expect(wantedModel(agent('auto'))).toEqual({ kind: 'auto' });
    expect(wantedModel(agent('deep'))).toEqual({ kind: 'tier', tier: 'deep' });
  });

  it('a tier without models is taken from the next cheaper one, then from a dearer one', () => {
    expect(modelsOfTier('deep', { balanced: 'a/b' }, { deep: ['p/d'] })).toEqual(['p/d']);
    expect(modelsOfTier('deep', { fast: 'a/f' }, {})).toEqual(['a/f']);
    expect(modelsOfTier('fast', {}, { deep: 'p/d' })).toEqual(['p/d']);
    expect(modelsOfTier('balanced', {}, {})).toEqual([]);
  });
});

describe('thrift', () => {
  it('moves down one tier, then two, and up again when there is room', () => {
    expect(judgeThrift(0.79, limits)).toBeNull();
    expect(tierFixed('deep', judgeThrift(0.8, limits))).toMatchObject({ asked: 'deep', used: 'balanced' });
    expect(tierFixed('deep', judgeThrift(1.2, limits))).toMatchObject({ used: 'fast' });
    const poor = { asked: 'deep', used: 'balanced' } as const;
    expect(tierForThrift(poor, judgeThrift(0.81, limits))).toBeUndefined();
    expect(tierForThrift(poor, judgeThrift(0.96, limits))).toMatchObject({
      used: 'fast',
      cause: 'budget',
      reason: '96 % of a budget are spent',
    });
    expect(tierForThrift(poor, null)).toMatchObject({ used: 'deep', cause: 'budget' });
  });

  it('never makes a choice dearer, and always says why', () => {
    const question = record({
      text: string({ maxLength: 3_000 }),
      share: double({ min: 0, max: 2, noNaN: true }),
    });
    assert(
      property(question, constantFrom(0, 1, 5), ({ text, share }, files) => {
        const thrift = judgeThrift(share, limits);
        const choice = tierForQuestion(judgeComplexity({ text, files }), thrift);
        expect(modelTiers.indexOf(choice.used)).toBeLessThanOrEqual(modelTiers.indexOf(choice.asked));
        expect(choice.used).toBe(lowerTier(choice.asked, thrift?.steps ?? 0));
        expect(choice.reason).not.toBe('');
      }),
    );
  });
});
