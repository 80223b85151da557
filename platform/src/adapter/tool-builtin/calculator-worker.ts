import { parentPort } from 'node:worker_threads';
import { all, create, type MathJsInstance } from 'mathjs';

/**
 * Evaluates expressions in a thread of its own, which its owner gives little memory and ends when it takes too long: an
 * expression can ask for more of both than any check could foresee.
 */

/** Functions that reach beyond one calculation (they change the library, or run or make expressions) or give no certain answer. */
const refused = new Set(
  `import createUnit deleteUnit evaluate parse compile parser chain config help reviver replacer typed simplify simplifyCore
  simplifyConstant derivative rationalize resolve symbolicEqual leafCount print random randomInt pickRandom`.split(
    /\s+/,
  ),
);

/** Digits that are calculated with. */
const precision = 64;
const longestResult = 4000;

/** What the owner sends, one at a time. */
export interface CalculatorQuestion {
  expression: string;
}

/** What it gets back. */
export interface CalculatorAnswer {
  ok: boolean;
  /** The result, or why there is none. */
  text: string;
}

function makeCalculator(): (expression: string) => CalculatorAnswer {
  const math = create(all ?? {}, { number: 'BigNumber', precision });
  return (expression) => {
    const tree = math.parse(expression);
    // Names are the only way to a function.
    const reach = tree.filter((node) => math.isSymbolNode(node) && refused.has(node.name))[0];
    if (reach !== undefined) return fault(`the function ${reach.toString()} is not available`);
    const result: unknown = tree.evaluate(new Map());
    const last = math.isResultSet(result) ? result.entries.at(-1) : result;
    if (typeof last === 'function' || last === undefined) return fault('the expression has no value');
    const text = math.format(last, (value: unknown) => show(math, value));
    return text.length > longestResult
      ? fault(`the result is longer than ${longestResult} characters`)
      : { ok: true, text };
  };
}

function fault(text: string): CalculatorAnswer {
  return { ok: false, text: text.slice(0, 500) };
}

/** Whole numbers with all their digits, others with 20: more would show the rounding of the last ones. */
function show(math: MathJsInstance, value: unknown): string {
  if (!math.isBigNumber(value)) return math.format(value, { precision: 15 });
  if (value.isInteger() && value.e < precision) return value.toFixed();
  return math.format(value, { precision: 20, lowerExp: -9, upperExp: 20 });
}

function answer({ expression }: CalculatorQuestion): CalculatorAnswer {
  try {
    return calculate(expression);
  } catch (error) {
    return fault(error instanceof Error ? error.message : 'it cannot be calculated');
  }
}

const calculate = makeCalculator();
parentPort?.on('message', (question: CalculatorQuestion) => parentPort?.postMessage(answer(question), []));
