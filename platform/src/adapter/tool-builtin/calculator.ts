import { z } from 'zod';
import { defineTool, type DefinedTool } from '../../port/tool-definition.ts';
import { makeCalculator, type CalculatorLimits } from './calculator-thread.ts';

const usualLimits: CalculatorLimits = { calculationMs: 2000, memoryMb: 128, idleMs: 60_000 };

const input = z.strictObject({
  expression: z
    .string()
    .trim()
    .min(1)
    .max(2000)
    .describe('For example: 0.1 + 0.2, 240 * 15%, 2^200, sqrt(2) * 3, 5 cm to inch, det([1, 2; 3, 4]).'),
});

/** The tool `calculator`, and the way to end its thread. */
export function makeCalculatorTool(limits: CalculatorLimits = usualLimits): {
  tool: DefinedTool;
  close: () => Promise<void>;
} {
  const calculator = makeCalculator(limits);
  const tool = defineTool({
    name: 'calculator',
    description:
      'Calculates an expression exactly: arithmetic with 64 digits, functions, units, fractions, matrices, statistics. Use it for every calculation instead of calculating yourself.',
    input,
    annotations: { readOnly: true, openWorld: false },
    timeoutSeconds: 60,
    execute: ({ expression }) => calculator.calculate(expression),
  });
  return { tool, close: () => calculator.close() };
}
