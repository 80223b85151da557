import { afterAll, expect, test } from 'vitest';
import { makeCalculatorTool } from '../../src/adapter/tool-builtin/calculator.ts';
import { makeExecutableTool } from '../../src/domain/tool/executable-tool.ts';
import { textOf, toolContext } from './tool-context.ts';

const { tool, close } = makeCalculatorTool({ calculationMs: 1500, memoryMb: 128, idleMs: 60_000 });
const calculator = makeExecutableTool(tool, 60);
afterAll(close);

const calculate = async (expression: string): Promise<string> =>
  textOf(await calculator.execute({ expression }, toolContext()));

test.each([
  ['1 + 2 * 3', '7'],
  ['0.1 + 0.2', '0.3'],
  ['(2 + 3) ^ 2 / 4', '6.25'],
  ['2^200', '1606938044258990275541962092341162602522202993782792835301376'],
  ['123456789 * 987654321', '121932631112635269'],
  ['1 / 3', '0.33333333333333333333'],
  ['sqrt(2)', '1.4142135623730950488'],
  ['factorial(25)', '15511210043330985984000000'],
  ['240 * 15%', '36'],
  ['5 cm + 2 inch', '10.08 cm'],
  ['100 km/h to mile/h', '62.137119223733396962 mile / h'],
  ['sin(pi / 2)', '1'],
  ['mean(1, 2, 3, 4)', '2.5'],
  ['det([1, 2; 3, 4])', '-2'],
  ['[1, 2] + [3, 4]', '[4, 6]'],
  ['sqrt(-4)', '2i'],
  ['a = 3; b = 4; a * b', '12'],
  ['f(x) = x^2; f(5)', '25'],
  ['7 > 5', 'true'],
  ['10^100', '1e+100'],
])('%s is %s', async (expression, expected) => {
  expect(await calculate(expression)).toBe(expected);
});

test.each([
  ['1 +', /Unexpected end of expression/],
  ['foo(1)', /Undefined function foo/],
  ['5 cm + 2 kg', /Units do not match/],
  ['f(x) = x', /has no value/],
  ['x', /Undefined symbol x/],
])('%s is answered with what is wrong', async (expression, message) => {
  await expect(calculate(expression)).rejects.toThrow(message);
});

test.each([
  'import({ pi: 3 }, { override: true })',
  'createUnit("foo")',
  'evaluate("1")',
  'parse("1")',
  'simplify("x + x")',
  'derivative("x^2", "x")',
  'config({ number: "number" })',
  'parser().evaluate("1")',
  'compile("1").evaluate()',
  'chain(1)',
  'typed("f", 1)',
  'g(x) = evaluate(x); g("1")',
  'map(["1"], evaluate)',
  '{ a: parse }.a("1")',
])('%s is not available', async (expression) => {
  await expect(calculate(expression)).rejects.toThrow(/is not available/);
});

test.each([
  'cos.constructor("return process")()',
  '"".constructor.constructor("return process.env")()',
  '{}.__proto__',
  'f(x) = x; f.constructor("return 1")()',
  '[].map.constructor',
  'sqrt.transform',
  'process.exit()',
  'on("config", f)',
])('%s does not reach the language below', async (expression) => {
  await expect(calculate(expression)).rejects.toThrow(/calculator failed: /);
});

test('what one calculation defines is not there in the next', async () => {
  await calculate('secret = 42');
  await expect(calculate('secret')).rejects.toThrow('Undefined symbol secret');
});

test.each([
  ['f(x) = f(x) + 1; f(1)', /calculator failed: /],
  ['9^9^9^9', /calculator failed: |Infinity|e\+/],
  ['factorial(10^7)', /takes longer than 1\.5 s|more than 128 MB|e\+|Infinity/],
  ['sum(map(range(1, 10^7), f(x) = x^2))', /takes longer than 1\.5 s|more than 128 MB/],
  ['ones(100000, 100000)', /takes longer than 1\.5 s|more than 128 MB/],
  ['range(1, 3000)', /result is longer than 4000 characters/],
])('%s ends within its limits, and the next question is answered', async (expression, expected) => {
  const outcome = await calculate(expression).catch((error: unknown) => String(error));
  expect(outcome).toMatch(expected);
  expect(await calculate('1 + 1')).toBe('2');
});

test('questions asked at the same time are each answered', async () => {
  const expressions = Array.from({ length: 20 }, (_, index) => `${index} * 2`);
  expect(await Promise.all(expressions.map(calculate))).toEqual(
    expressions.map((_, index) => String(index * 2)),
  );
});

test('a thread that was ended starts again', async () => {
  await close();
  expect(await calculate('6 * 7')).toBe('42');
});

test.each([
  [{}, '"expression" is missing: it must be a text'],
  [{ expression: '' }, '"expression" must be at least 1 characters long'],
  [{ expression: '1'.repeat(2001) }, '"expression" must be at most 2000 characters long'],
])('arguments that are not usable are told', (value, summary) => {
  expect(calculator.parse(value)).toEqual({ ok: false, summary });
});
