import type { ModelTier } from '@batuta/contract';

/** What was asked, as far as its difficulty can be told without a model. */
export interface Question {
  text: string;
  files: number;
}

/** A tier and the signs that led to it, in words. */
export interface Complexity {
  tier: ModelTier;
  signs: string[];
}

/** A sign of difficulty: how much it weighs, and when it is there. Values, so that they can be read and tested one by one. */
interface Sign {
  name: string;
  weight: number;
  isThere: (question: Question) => boolean;
}

/** Longest part of a question that is looked at: what makes it hard stands at its beginning, or it is hard for its length. */
const looked = 8_000;

/** Verbs that ask for thought, as stems, in the languages of the product. */
const thoughtful =
  /(?:^|[^\p{L}])(?:analy[sz]|anali[sz]|compar|contrast|design|diseñ|desenh|projet|architect|arquitet|arquitect|prove|demuestr|demonstr|deriv|refactor|debug|depur|optimi[sz]|otimiz|evaluat|eval[uú]|avali|plan(?:ea|eja|ifica)?|strateg|estrat[eé]g|trade-?offs?|step by step|paso a paso|passo a passo|in depth|a fondo|em detalhe|why|por ?qu[eéê])/iu;

const exact =
  /```|\b(?:function|class|select|SELECT|import|def|const|theorem|teorema)\b|[∑∫√≤≥]|\d+\s*[=<>^]\s*\d/u;

const signs: readonly Sign[] = [
  { name: 'a long question', weight: 2, isThere: ({ text }) => text.length > 1_500 },
  { name: 'a very long question', weight: 2, isThere: ({ text }) => text.length > 6_000 },
  { name: 'more than a sentence', weight: 1, isThere: ({ text }) => text.length > 200 },
  { name: 'files', weight: 1, isThere: ({ files }) => files > 0 },
  { name: 'several files', weight: 1, isThere: ({ files }) => files > 2 },
  { name: 'words that ask for thought', weight: 2, isThere: ({ text }) => thoughtful.test(text) },
  { name: 'code or formulas', weight: 2, isThere: ({ text }) => exact.test(text) },
  { name: 'several questions', weight: 1, isThere: ({ text }) => count(text, '?') > 2 },
  {
    name: 'a list of tasks',
    weight: 1,
    isThere: ({ text }) => (text.match(/^[ \t]*(?:[-*]|\d+[.)])\s/gm)?.length ?? 0) > 2,
  },
];

/** Weights from which on a tier is needed. */
const balancedFrom = 1;
const deepFrom = 4;

/** How hard a question looks. Pure, and quick: bounded by the first characters. A guess that rules can explain, not a measure. */
export function judgeComplexity({ text, files }: Question): Complexity {
  const head = { text: text.slice(0, looked), files };
  const found = signs.filter((sign) => sign.isThere(head));
  const weight = found.reduce((sum, sign) => sum + sign.weight, 0);
  return { tier: tierOf(weight), signs: found.map(({ name }) => name) };
}

function tierOf(weight: number): ModelTier {
  if (weight >= deepFrom) return 'deep';
  return weight >= balancedFrom ? 'balanced' : 'fast';
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}
