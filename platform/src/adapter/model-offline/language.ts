import { plain } from './words.ts';

/** The languages that the stand-in speaks. */
export type Language = 'en' | 'es' | 'pt';

/** Frequent words that the other two languages do not have. */
const marks: Readonly<Record<Language, ReadonlySet<string>>> = {
  en: new Set(
    'the is are what which how who when where of and to in for with please tell me my your this that it hello hi thanks can you do does time'.split(
      ' ',
    ),
  ),
  es: new Set(
    'el los las del y que cual cuanto cuantos quien donde hola gracias por favor dime hora es en una unos son cuando hay muy pero esta puedes quiero al'.split(
      ' ',
    ),
  ),
  pt: new Set(
    'o os as do da dos das e que qual quanto quantos quem onde ola oi obrigado obrigada por favor diga horas sao em uma nao voce tem quando muito mas esta pode quero ao na no'.split(
      ' ',
    ),
  ),
};

/** Letters that only one of them writes. */
const letters: readonly (readonly [Language, RegExp])[] = [
  ['es', /[¿¡ñ]/i],
  ['pt', /[ãõçêôà]/i],
];

/** The language of a text: English unless more speaks for another. */
export function detectLanguage(text: string): Language {
  const scores: Record<Language, number> = { en: 0.1, es: 0, pt: 0 };
  for (const word of plain(text).match(/\p{L}+/gu) ?? []) {
    for (const language of ['en', 'es', 'pt'] as const) if (marks[language].has(word)) scores[language] += 1;
  }
  for (const [language, pattern] of letters) if (pattern.test(text)) scores[language] += 2;
  if (scores.pt > scores.en && scores.pt > scores.es) return 'pt';
  return scores.es > scores.en ? 'es' : 'en';
}
