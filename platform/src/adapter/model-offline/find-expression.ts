import { plain } from './words.ts';

const number = String.raw`(\d+(?:\.\d+)?)`;

/** Words for operators between numbers, in three languages. */
const wordOperators: readonly (readonly [RegExp, string])[] = [
  [
    new RegExp(`${number}\\s*(?:%|percent|por ciento|por cento)\\s*(?:of|de|do|da|del)\\s+${number}`, 'g'),
    '$1 / 100 * $2',
  ],
  [new RegExp(`(?:square root of|raiz cuadrada de|raiz quadrada de)\\s+${number}`, 'g'), 'sqrt($1)'],
  [/(?<=[\d)])\s*(?:plus|mas|mais)\s*(?=[\d(])/g, ' + '],
  [/(?<=[\d)])\s*(?:minus|menos)\s*(?=[\d(])/g, ' - '],
  [/(?<=[\d)])\s*(?:times|multiplied by|multiplicado por|vezes|veces|por|x|×|·)\s*(?=[\d(])/g, ' * '],
  [/(?<=[\d)])\s*(?:divided by|dividido por|dividido entre|over|entre|÷)\s*(?=[\d(])/g, ' / '],
  [/(?<=[\d)])\s*(?:to the power of|elevado a|\*\*)\s*(?=[\d(])/g, ' ^ '],
];

const candidate =
  /(?:sqrt|abs|log|ln|exp|sin|cos|tan)?[\d(](?:[\d.\s()+\-*/^%]|sqrt|abs|log|ln|exp|sin|cos|tan)*[\d)]/g;

/** What makes `555-1234` a difference and not a telephone number. */
const calculationCue = /what(?: is|'s)|how much|calc|comput|cuanto|quanto|=|^\W*[\d(]/;

/** An arithmetic expression in a text, ready for a calculator; undefined when there is none. */
export function findExpression(text: string): string | undefined {
  const found = readable(text).match(candidate) ?? [];
  const expressions = found.map((one) => one.trim()).filter(isExpression);
  return expressions.toSorted((one, other) => other.length - one.length)[0];
}

/** Addresses and dates hold digits that are not meant; numbers are written with a point; words become operators. */
function readable(text: string): string {
  const lower = plain(text);
  let line = (calculationCue.test(lower) ? lower : lower.replaceAll(/\d+(?:-\d+)+/g, ' '))
    .replaceAll(/https?:\S+/g, ' ')
    .replaceAll(/\d{4}-\d{2}-\d{2}|\d{1,2}\/\d{1,2}\/\d{2,4}|\d{1,2}:\d{2}/g, ' ')
    .replaceAll(/(?<=\d),(?=\d{3}(?:\D|$))/g, '')
    .replaceAll(/(?<=\d),(?=\d)/g, '.');
  for (const [words, operator] of wordOperators) line = line.replaceAll(words, operator);
  return line;
}

function isExpression(text: string): boolean {
  if (/^(?:sqrt|abs|log|ln|exp|sin|cos|tan)\(/.test(text)) return isBalanced(text);
  return /[\d)]\s*[+\-*/^%]\s*[\d(s]/.test(text) && !/\d\s+\d/.test(text) && isBalanced(text);
}

function isBalanced(text: string): boolean {
  let depth = 0;
  for (const character of text) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}
