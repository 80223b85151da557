import { parentPort } from 'node:worker_threads';
import { all, create, type MathJsInstance, type MathNode } from 'mathjs';

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

function makeCalculator(): (expression: string) => string {
  const math = create(all ?? {}, { number: 'BigNumber', precision });
  return (expression) => {
    const tree = math.parse(expression);
    refuseReach(math, tree);
    const result: unknown = tree.evaluate(new Map());
    const last = math.isResultSet(result) ? result.entries.at(-1) : result;
    if (typeof last === 'function' || last === undefined) throw new TypeError('the expression has no value');
    const text = math.format(last, (value: unknown) => show(math, value));
    if (text.length > longestResult)
      throw new RangeError(`the result is longer than ${longestResult} characters`);
    return text;
  };
}

/** Refuses an expression that names a function of the list anywhere. Names are the only way to a function. */
function refuseReach(math: MathJsInstance, tree: MathNode): void {
  tree.traverse((node) => {
    if (math.isSymbolNode(node) && refused.has(node.name)) {
      throw new TypeError(`the function ${node.name} is not available`);
    }
  });
}

/** Whole numbers with all their digits, others with 20: more would show the rounding of the last ones. */
function show(math: MathJsInstance, value: unknown): string {
  if (!math.isBigNumber(value)) return math.format(value, { precision: 15 });
  if (value.isInteger() && value.e < precision) return value.toFixed();
  return math.format(value, { precision: 20, lowerExp: -9, upperExp: 20 });
}

function answer({ expression }: CalculatorQuestion): CalculatorAnswer {
  try {
    return { ok: true, text: calculate(expression) };
  } catch (error) {
    return {
      ok: false,
      text: error instanceof Error ? error.message.slice(0, 500) : 'it cannot be calculated',
    };
  }
}

const calculate = makeCalculator();
parentPort?.on('message', (question: CalculatorQuestion) => parentPort?.postMessage(answer(question), []));
